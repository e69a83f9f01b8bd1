// Compiled once per target. Penalties on weights.

#if defined(CORNU_KERNELS_PENALTY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_PENALTY_INL_H_
#undef CORNU_KERNELS_PENALTY_INL_H_
#else
#define CORNU_KERNELS_PENALTY_INL_H_
#endif

#include "cornu/kernels/scalar_internal.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

inline void penalty_back(const PenaltyBackArgsOf<float>& a) {
  const Vector factor = constant(a.factor);
  const Vector l2 = constant(a.l2);
  const Vector zero = constant(0);
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    const Vector w = load(a.w + i, count);
    const Vector negative = hn::IfThenElse(hn::Lt(w, zero), constant(-a.l1), zero);
    const Vector l1 = hn::IfThenElse(hn::Gt(w, zero), constant(a.l1), negative);
    const Vector slope = hn::Add(l1, hn::Mul(l2, w));
    assign_or_add(hn::Mul(factor, slope), a.dw + i, count, a.accumulate);
  });
}

constexpr PenaltyKernelsOf<float> kPenaltyKernels = {
    .penalty = kernels::penalty<float>,
    .penalty_back = penalty_back,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_PENALTY_INL_H_
