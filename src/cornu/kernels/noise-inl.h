// Compiled once per target: a plain loop, in which targets with a fused multiply-add use it.

#if defined(CORNU_KERNELS_NOISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_NOISE_INL_H_
#undef CORNU_KERNELS_NOISE_INL_H_
#else
#define CORNU_KERNELS_NOISE_INL_H_
#endif

#include "cornu/kernels/noise_internal.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

inline void noise(const NoiseArgsOf<float>& a) {
  noise_here(a);
}

constexpr NoiseKernelsOf<float> kNoiseKernels = {
    .noise = noise,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_NOISE_INL_H_
