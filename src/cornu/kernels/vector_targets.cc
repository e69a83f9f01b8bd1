// The targets that Highway serves with a fused multiply-add. Compiled once per target: Highway
// includes this file again for each. Highway's other targets are never built nor dispatched to:
// their multiply-add rounds twice, so the bits would differ.

#ifdef CORNU_ONE_VECTOR_TARGET
#define HWY_DISABLED_TARGETS (~(HWY_AVX2 | HWY_NEON | HWY_EMU128 | HWY_SCALAR))
#else
#define HWY_DISABLED_TARGETS (~(HWY_AVX3 | HWY_AVX2 | HWY_NEON | HWY_EMU128 | HWY_SCALAR))
#endif
#if defined(__x86_64__)
// So that compiler flags such as -march=native remove no target.
#define HWY_BASELINE_TARGETS HWY_BASELINE_SCALAR
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cornu/kernels/vector_targets.cc"
#include "hwy/foreach_target.h"

#include "hwy/highway.h"

#if defined(HWY_DISABLE_BMI2_FMA)
#error "Highway's multiply-add has to be fused: HWY_DISABLE_BMI2_FMA must not be set"
#endif

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2 || (HWY_TARGET == HWY_NEON && HWY_ARCH_ARM_A64)
#include "cornu/kernels/table-inl.h"
#endif

#if HWY_ONCE

#include "cornu/kernels/targets_internal.h"

namespace cornu::inline v0::kernels {

const TargetTables* vector_tables(Target target) {
  // Asked once: a virtual machine takes microseconds to answer.
  [[maybe_unused]] static const int64_t cpu = hwy::SupportedTargets();
#if HWY_TARGETS & HWY_AVX3
  if (target == Target::avx512 && (cpu & HWY_AVX3) != 0) return &N_AVX3::kTables;
#endif
#if HWY_TARGETS & HWY_AVX2
  if (target == Target::avx2 && (cpu & HWY_AVX2) != 0) return &N_AVX2::kTables;
#endif
#if (HWY_TARGETS & HWY_NEON) && HWY_ARCH_ARM_A64
  if (target == Target::neon && (cpu & HWY_NEON) != 0) return &N_NEON::kTables;
#endif
  (void)target;
  return nullptr;
}

}  // namespace cornu::inline v0::kernels

#endif  // HWY_ONCE
