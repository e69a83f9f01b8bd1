#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

/// What the speed of other kernels is compared with.
struct PeakKernels {
  /// Multiply-adds that never leave the registers; returns their number of FLOPs.
  double (*multiply_adds)(int64_t rounds);
};

}  // namespace cornu::inline v0::kernels
