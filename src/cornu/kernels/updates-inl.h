// Compiled once a target. What optimizers do to weights. Square root and division are exact.

#if defined(CORNU_KERNELS_UPDATES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_UPDATES_INL_H_
#undef CORNU_KERNELS_UPDATES_INL_H_
#else
#define CORNU_KERNELS_UPDATES_INL_H_
#endif

#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// 0 where |x| < 2⁻¹²⁰, else x. Moments decay towards the smallest normal number, about which
/// CPUs differ in what they flush; none gets there.
CORNU_INLINE Vector without_tiny(Vector x) {
  return hn::IfThenElse(hn::Lt(hn::Abs(x), constant(0x1p-120F)), constant(0), x);
}

/// Without momentum w = fma(−lr, dw, w). Else step = lr·dw, v = fma(momentum, v, −step), and
/// w = w + v, or with nesterov w = w + fma(momentum, v, −step) with the new v.
inline void sgd(const SgdArgs& a) {
  const Vector rate = constant(a.learning_rate);
  const Vector momentum = constant(a.momentum);
  if (a.velocity == nullptr) {
    return for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
      const Vector w = load(a.w + i, count);
      store(hn::NegMulAdd(rate, load(a.dw + i, count), w), a.w + i, count);
    });
  }
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    const Vector step = hn::Mul(rate, load(a.dw + i, count));
    const Vector v = without_tiny(hn::MulSub(momentum, load(a.velocity + i, count), step));
    const Vector move = a.nesterov ? hn::MulSub(momentum, v, step) : v;
    store(v, a.velocity + i, count);
    store(hn::Add(load(a.w + i, count), move), a.w + i, count);
  });
}

/// m = fma(g − m, 1−β₁, m), v = fma(fma(g, g, −v), 1−β₂, v), and with the new ones
/// w = w − (m·alpha) / (√v + ε).
inline void adam(const AdamArgs& a) {
  const Vector alpha = constant(a.alpha);
  const Vector epsilon = constant(a.epsilon);
  const Vector one_minus_beta_1 = constant(a.one_minus_beta_1);
  const Vector one_minus_beta_2 = constant(a.one_minus_beta_2);
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    const Vector g = load(a.dw + i, count);
    Vector m = load(a.m + i, count);
    Vector v = load(a.v + i, count);
    m = without_tiny(hn::MulAdd(hn::Sub(g, m), one_minus_beta_1, m));
    v = without_tiny(hn::MulAdd(hn::MulSub(g, g, v), one_minus_beta_2, v));
    const Vector move = hn::Div(hn::Mul(m, alpha), hn::Add(hn::Sqrt(v), epsilon));
    store(m, a.m + i, count);
    store(v, a.v + i, count);
    store(hn::Sub(load(a.w + i, count), move), a.w + i, count);
  });
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_UPDATES_INL_H_
