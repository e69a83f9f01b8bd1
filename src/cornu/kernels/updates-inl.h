// Compiled once per target. Updates of weights by optimizers. Square root and division are exact.

#if defined(CORNU_KERNELS_UPDATES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_UPDATES_INL_H_
#undef CORNU_KERNELS_UPDATES_INL_H_
#else
#define CORNU_KERNELS_UPDATES_INL_H_
#endif

#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// 0 where |x| < 2⁻¹²⁰, else x: keeps decaying moments away from the smallest normal number, near
/// which CPUs flush different numbers.
CORNU_INLINE Vector without_tiny(Vector x) {
  return hn::IfThenElse(hn::Lt(hn::Abs(x), constant(0x1p-120F)), constant(0), x);
}

/// Without momentum w = fma(−lr, dw, w). Else step = lr·dw, v = fma(momentum, v, −step), and
/// w = w + v, or with nesterov w = w + fma(momentum, v, −step) with the new v.
class SgdLanes {
 public:
  CORNU_INLINE explicit SgdLanes(const SgdArgs& a)
      : a_(a), rate_(constant(a.learning_rate)), momentum_(constant(a.momentum)) {}

  /// Elements i … i + count − 1, whose gradient is `dw`.
  CORNU_INLINE void update(int64_t i, int64_t count, Vector dw) const {
    const Vector w = load(a_.w + i, count);
    if (a_.velocity == nullptr) return store(hn::NegMulAdd(rate_, dw, w), a_.w + i, count);
    const Vector step = hn::Mul(rate_, dw);
    const Vector v = without_tiny(hn::MulSub(momentum_, load(a_.velocity + i, count), step));
    const Vector move = a_.nesterov ? hn::MulSub(momentum_, v, step) : v;
    store(v, a_.velocity + i, count);
    store(hn::Add(w, move), a_.w + i, count);
  }

 private:
  const SgdArgs& a_;
  Vector rate_, momentum_;
};

/// m = fma(g − m, 1−β₁, m), v = fma(fma(g, g, −v), 1−β₂, v), and with the new ones
/// w = w − (m·alpha) / (√v + ε).
class AdamLanes {
 public:
  CORNU_INLINE explicit AdamLanes(const AdamArgs& a)
      : a_(a),
        alpha_(constant(a.alpha)),
        epsilon_(constant(a.epsilon)),
        one_minus_beta_1_(constant(a.one_minus_beta_1)),
        one_minus_beta_2_(constant(a.one_minus_beta_2)) {}

  CORNU_INLINE void update(int64_t i, int64_t count, Vector g) const {
    Vector m = load(a_.m + i, count);
    Vector v = load(a_.v + i, count);
    m = without_tiny(hn::MulAdd(hn::Sub(g, m), one_minus_beta_1_, m));
    v = without_tiny(hn::MulAdd(hn::MulSub(g, g, v), one_minus_beta_2_, v));
    const Vector move = hn::Div(hn::Mul(m, alpha_), hn::Add(hn::Sqrt(v), epsilon_));
    store(m, a_.m + i, count);
    store(v, a_.v + i, count);
    store(hn::Sub(load(a_.w + i, count), move), a_.w + i, count);
  }

 private:
  const AdamArgs& a_;
  Vector alpha_, epsilon_, one_minus_beta_1_, one_minus_beta_2_;
};

template <class Lanes, class Args>
void update_all(const Args& a) {
  const Lanes lanes(a);
  for_each_vector(a.size, [&](int64_t i, int64_t count)
                              CORNU_LAMBDA { lanes.update(i, count, load(a.dw + i, count)); });
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_UPDATES_INL_H_
