// Compiled once per target. The peak rate of multiply-adds of a target: the speed of other kernels
// is given as a fraction of it.

#if defined(CORNU_KERNELS_PEAK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_PEAK_INL_H_
#undef CORNU_KERNELS_PEAK_INL_H_
#else
#define CORNU_KERNELS_PEAK_INL_H_
#endif

#include "cornu/kernels/peak.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// Each round goes on with each of so many chains.
template <int kChains>
double multiply_adds_in(int64_t rounds) {
  volatile float unknown = 0.5F;
  const Vector factor = constant(unknown);
  Vector chains[kChains];
  CORNU_UNROLL
  for (int i = 0; i < kChains; ++i) chains[i] = constant(static_cast<float>(i) * unknown);
  for (int64_t round = 0; round < rounds; ++round) {
    CORNU_UNROLL
    for (int i = 0; i < kChains; ++i) chains[i] = hn::MulAdd(chains[i], factor, factor);
  }
  float lanes[kLanes];
  CORNU_UNROLL
  for (int i = 0; i < kChains; ++i) {
    hn::StoreU(chains[i], kTag, lanes);
    unknown = lanes[0];
  }
  return 2.0 * kChains * static_cast<double>(kLanes * rounds);
}

inline double multiply_adds(int64_t rounds) {
  // Enough chains to hide four cycles of latency on two pipes, few enough for 16 registers.
  return multiply_adds_in<12>(rounds);
}

/// Whether eight sums take as long as four: until the multiply-adds before them have ended.
inline bool eight_sums_wait() {
  static const bool wait = takes_as_long(multiply_adds_in<8>, multiply_adds_in<4>);
  return wait;
}

constexpr PeakKernels kPeakKernels = {
    .multiply_adds = multiply_adds,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_PEAK_INL_H_
