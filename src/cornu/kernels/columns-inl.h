// Compiled once per target. Sums of columns, and arithmetic with one number for each.

#if defined(CORNU_KERNELS_COLUMNS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_COLUMNS_INL_H_
#undef CORNU_KERNELS_COLUMNS_INL_H_
#else
#define CORNU_KERNELS_COLUMNS_INL_H_
#endif

#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// One panel of columns over all rows, its sums in registers.
template <int kVectors>
CORNU_INLINE void sum_panel(const SumRowsArgs& a, int64_t j, int64_t last) {
  Vector sums[kVectors];
  CORNU_UNROLL
  for (int c = 0; c < kVectors; ++c) {
    sums[c] =
        a.accumulate ? load(a.y + j + c * kLanes, c + 1 < kVectors ? kLanes : last) : constant(0);
  }
  const float* x = a.x + j;
  for (int64_t i = 0; i < a.rows; ++i, x += a.x_row) {
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) {
      sums[c] = hn::Add(sums[c], load(x + c * kLanes, c + 1 < kVectors ? kLanes : last));
    }
  }
  CORNU_UNROLL
  for (int c = 0; c < kVectors; ++c) {
    store(sums[c], a.y + j + c * kLanes, c + 1 < kVectors ? kLanes : last);
  }
}

inline void sum_rows(const SumRowsArgs& a) {
  int64_t j = 0;
  for (; j + 4 * kLanes <= a.cols; j += 4 * kLanes) sum_panel<4>(a, j, kLanes);
  for (; j + kLanes <= a.cols; j += kLanes) sum_panel<1>(a, j, kLanes);
  if (j < a.cols) sum_panel<1>(a, j, a.cols - j);
}

/// f(i, j, count) for each vector of the lines: `count` numbers of line i from column j on.
template <class Args, class F>
CORNU_INLINE void for_each_vector_of(const Args& a, const F& f) {
  for (int64_t i = 0; i < a.lines; ++i) {
    for_each_vector(a.cols, [&](int64_t j, int64_t count) CORNU_LAMBDA { f(i, j, count); });
  }
}

inline void scale_columns(const ScaleColumnsArgsOf<float>& a) {
  for_each_vector_of(a, [&](int64_t i, int64_t j, int64_t count) CORNU_LAMBDA {
    Vector x = load(a.x + i * a.x_row + j, count);
    if (a.mean != nullptr) x = hn::Sub(x, load(a.mean + j, count));
    const Vector scale = load(a.scale + j, count);
    const Vector y =
        a.shift == nullptr ? hn::Mul(x, scale) : hn::MulAdd(x, scale, load(a.shift + j, count));
    assign_or_add(y, a.y + i * a.y_row + j, count, a.accumulate);
  });
}

inline void normalize_back(const NormalizeBackArgsOf<float>& a) {
  for_each_vector_of(a, [&](int64_t i, int64_t j, int64_t count) CORNU_LAMBDA {
    const Vector off = hn::Sub(load(a.x + i * a.x_row + j, count), load(a.mean + j, count));
    const Vector dy = hn::Sub(load(a.dy + i * a.dy_row + j, count), load(a.shift + j, count));
    const Vector dx = hn::NegMulAdd(off, load(a.slope + j, count), dy);
    assign_or_add(hn::Mul(load(a.scale + j, count), dx), a.dx + i * a.dx_row + j, count,
                  a.accumulate);
  });
}

inline void line_back(const LineBackArgsOf<float>& a) {
  const Vector mean = constant(a.mean);
  const Vector inverse = constant(a.inverse);
  for_each_vector(a.cols, [&](int64_t j, int64_t count) CORNU_LAMBDA {
    const Vector normal = hn::Mul(hn::Sub(load(a.x + j, count), mean), inverse);
    Vector dy = load(a.dy + j, count);
    if (a.gamma != nullptr) dy = hn::Mul(dy, load(a.gamma + j, count));
    const Vector dx = hn::NegMulAdd(normal, constant(a.slope), hn::Sub(dy, constant(a.shift)));
    assign_or_add(hn::Mul(inverse, dx), a.dx + j, count, a.accumulate);
  });
}

inline void parametric_relu(const ParametricReluArgsOf<float>& a) {
  for_each_vector_of(a, [&](int64_t i, int64_t j, int64_t count) CORNU_LAMBDA {
    const int64_t at = i * a.row + j;
    const Vector x = load(a.x + at, count);
    const Vector scaled = hn::Mul(load(a.alpha + j, count), x);
    store(hn::IfThenElse(hn::Gt(x, constant(0)), x, scaled), a.y + at, count);
  });
}

inline void parametric_relu_back(const ParametricReluBackArgsOf<float>& a) {
  const Vector zero = constant(0);
  for_each_vector_of(a, [&](int64_t i, int64_t j, int64_t count) CORNU_LAMBDA {
    const int64_t at = i * a.row + j;
    const Vector x = load(a.x + at, count);
    const Vector dy = load(a.dy + at, count);
    const Vector slope =
        hn::IfThenElse(hn::Lt(x, zero), load(a.alpha + j, count), hn::Mul(x, zero));
    const Vector dx = hn::IfThenElse(hn::Gt(x, zero), dy, hn::Mul(dy, slope));
    assign_or_add(hn::Add(dx, zero), a.dx + at, count, a.accumulate);
  });
}

inline void parametric_relu_alpha(const ParametricReluAlphaArgsOf<float>& a) {
  for_each_vector(a.cols, [&](int64_t j, int64_t count) CORNU_LAMBDA {
    Vector sum = load(a.dalpha + j, count);
    for (int64_t i = 0; i < a.lines; ++i) {
      const Vector x = load(a.x + i * a.row + j, count);
      const Vector more = hn::MulAdd(load(a.dy + i * a.row + j, count), x, sum);
      sum = hn::IfThenElse(hn::Gt(x, constant(0)), sum, more);
    }
    store(sum, a.dalpha + j, count);
  });
}

constexpr ColumnKernelsOf<float> kColumnKernels = {
    .sum_rows = sum_rows,
    .scale_columns = scale_columns,
    .normalize_back = normalize_back,
    .line_back = line_back,
    .parametric_relu = parametric_relu,
    .parametric_relu_back = parametric_relu_back,
    .parametric_relu_alpha = parametric_relu_alpha,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_COLUMNS_INL_H_
