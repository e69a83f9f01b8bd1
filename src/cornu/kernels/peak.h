#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

/// What the speed of other kernels is compared with.
struct PeakKernels {
  /// Multiply-adds that never leave the registers; returns their number of FLOPs.
  double (*multiply_adds)(int64_t rounds);
};

/// Whether 500 rounds of `more` take about as long as those of `fewer`, as when both wait for
/// latencies, rather than twice as long. It takes 20 µs.
bool takes_as_long(double (*more)(int64_t), double (*fewer)(int64_t));

}  // namespace cornu::inline v0::kernels
