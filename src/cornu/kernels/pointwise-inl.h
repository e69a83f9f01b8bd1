// Compiled once a target.

#if defined(CORNU_KERNELS_POINTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_POINTWISE_INL_H_
#undef CORNU_KERNELS_POINTWISE_INL_H_
#else
#define CORNU_KERNELS_POINTWISE_INL_H_
#endif

#include "cornu/kernels/math-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

template <Function kFunction>
CORNU_INLINE Vector apply(Vector x) {
  if constexpr (kFunction == Function::sigmoid) {
    return sigmoid(x);
  } else if constexpr (kFunction == Function::tanh) {
    return tanh(x);
  } else if constexpr (kFunction == Function::relu) {
    return hn::IfThenElse(hn::Le(x, constant(0)), constant(0), x);
  } else {
    return x;
  }
}

/// dy · f′ from the output y. sigmoid: 1 − y, times y, times dy. tanh: 1 − y·y as one fma.
template <Function kFunction>
CORNU_INLINE Vector apply_back(Vector y, Vector dy) {
  if constexpr (kFunction == Function::sigmoid) {
    return hn::Mul(dy, hn::Mul(y, hn::Sub(constant(1), y)));
  } else if constexpr (kFunction == Function::tanh) {
    return hn::Mul(dy, hn::NegMulAdd(y, y, constant(1)));
  } else if constexpr (kFunction == Function::relu) {
    return hn::IfThenElse(hn::Gt(y, constant(0)), dy, constant(0));
  } else {
    return dy;
  }
}

template <Function kFunction>
void pointwise_of(const PointwiseArgs& a) {
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    store(apply<kFunction>(load(a.x + i, count)), a.y + i, count);
  });
}

template <Function kFunction>
void pointwise_back_of(const PointwiseBackArgs& a) {
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    const Vector dx = apply_back<kFunction>(load(a.y + i, count), load(a.dy + i, count));
    assign_or_add(dx, a.dx + i, count, a.accumulate);
  });
}

inline void pointwise(const PointwiseArgs& a) {
  switch (a.function) {
    case Function::linear:
      return pointwise_of<Function::linear>(a);
    case Function::sigmoid:
      return pointwise_of<Function::sigmoid>(a);
    case Function::relu:
      return pointwise_of<Function::relu>(a);
    case Function::tanh:
      return pointwise_of<Function::tanh>(a);
  }
}

inline void pointwise_back(const PointwiseBackArgs& a) {
  switch (a.function) {
    case Function::linear:
      return pointwise_back_of<Function::linear>(a);
    case Function::sigmoid:
      return pointwise_back_of<Function::sigmoid>(a);
    case Function::relu:
      return pointwise_back_of<Function::relu>(a);
    case Function::tanh:
      return pointwise_back_of<Function::tanh>(a);
  }
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_POINTWISE_INL_H_
