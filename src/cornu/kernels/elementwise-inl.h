// Compiled once per target. Arithmetic on the elements of one or two arrays.

#if defined(CORNU_KERNELS_ELEMENTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_ELEMENTWISE_INL_H_
#undef CORNU_KERNELS_ELEMENTWISE_INL_H_
#else
#define CORNU_KERNELS_ELEMENTWISE_INL_H_
#endif

#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

inline void affine(const AffineArgs& a) {
  const Vector scale = constant(a.scale);
  const Vector offset = constant(a.offset);
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    assign_or_add(hn::MulAdd(load(a.x + i, count), scale, offset), a.y + i, count, a.accumulate);
  });
}

/// + 0 flushes denormals on all targets, since only some instructions for a choice do.
template <Combination kHow>
CORNU_INLINE Vector combined(Vector a, Vector b) {
  switch (kHow) {
    case Combination::add:
      return hn::Add(a, b);
    case Combination::subtract:
      return hn::Sub(a, b);
    case Combination::multiply:
      return hn::Mul(a, b);
    case Combination::divide:
      return hn::Div(a, b);
    case Combination::maximum:
      return hn::Add(hn::IfThenElse(hn::Lt(a, b), b, a), constant(0));
    case Combination::minimum:
      return hn::Add(hn::IfThenElse(hn::Gt(a, b), b, a), constant(0));
    case Combination::less:
      return hn::IfThenElse(hn::Lt(a, b), constant(1), constant(0));
    case Combination::less_equal:
      return hn::IfThenElse(hn::Le(a, b), constant(1), constant(0));
    case Combination::where:
      return hn::Add(hn::IfThenElse(hn::Eq(b, constant(0)), constant(0), a), constant(0));
  }
}

template <Combination kHow>
void combine_of(const CombineArgs& a) {
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    const Vector y = combined<kHow>(load(a.a + i, count), load(a.b + i, count));
    assign_or_add(y, a.y + i, count, a.accumulate);
  });
}

inline void combine(const CombineArgs& a) {
  switch (a.how) {
    case Combination::add:
      return combine_of<Combination::add>(a);
    case Combination::subtract:
      return combine_of<Combination::subtract>(a);
    case Combination::multiply:
      return combine_of<Combination::multiply>(a);
    case Combination::divide:
      return combine_of<Combination::divide>(a);
    case Combination::maximum:
      return combine_of<Combination::maximum>(a);
    case Combination::minimum:
      return combine_of<Combination::minimum>(a);
    case Combination::less:
      return combine_of<Combination::less>(a);
    case Combination::less_equal:
      return combine_of<Combination::less_equal>(a);
    case Combination::where:
      return combine_of<Combination::where>(a);
  }
}

inline void chosen_back(const ChosenBackArgs& a) {
  const bool is_maximum = a.how == Combination::maximum;
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    const Vector first = load(a.a + i, count);
    const Vector second = load(a.b + i, count);
    const auto is_second = is_maximum ? hn::Lt(first, second) : hn::Gt(first, second);
    const Vector dy = load(a.dy + i, count);
    const Vector zero = constant(0);
    const Vector dx =
        a.to_second ? hn::IfThenElse(is_second, dy, zero) : hn::IfThenElse(is_second, zero, dy);
    assign_or_add(hn::Add(dx, zero), a.dx + i, count, a.accumulate);
  });
}

inline void copy(const CopyArgs& a) {
  for (int64_t row = 0; row < a.rows; ++row) {
    const float* const x = a.x + row * a.x_row;
    float* const y = a.y + row * a.y_row;
    for_each_vector(a.cols, [&](int64_t i, int64_t count) CORNU_LAMBDA {
      assign_or_add(load(x + i, count), y + i, count, a.accumulate);
    });
  }
}

inline void add_parts(const AddPartsArgs& a) {
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    int64_t part = a.accumulate ? 0 : 1;
    Vector sum = load((a.accumulate ? a.y : a.x[0]) + i, count);
    for (; part < a.parts; ++part) sum = hn::Add(sum, load(a.x[part] + i, count));
    store(hn::Add(sum, constant(0)), a.y + i, count);
  });
}

inline void fill(const FillArgs& a) {
  const Vector value = constant(a.value);
  for_each_vector(a.size, [&](int64_t i, int64_t count)
                              CORNU_LAMBDA { assign_or_add(value, a.y + i, count, a.accumulate); });
}

constexpr ElementwiseKernelsOf<float> kElementwiseKernels = {
    .affine = affine,
    .combine = combine,
    .chosen_back = chosen_back,
    .copy = copy,
    .add_parts = add_parts,
    .fill = fill,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_ELEMENTWISE_INL_H_
