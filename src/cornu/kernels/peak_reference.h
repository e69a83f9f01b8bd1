#pragma once

// kernels/peak.h as a plain loop.

#include <cmath>

#include "cornu/kernels/peak.h"

namespace cornu::inline v0::kernels {

template <class T>
struct PeakReference {
  static double multiply_adds(int64_t rounds) {
    volatile T unknown = T{0.5};
    for (int64_t round = 0; round < rounds; ++round) unknown = std::fma(unknown, unknown, unknown);
    return 2.0 * static_cast<double>(rounds);
  }

  static constexpr PeakKernels kKernels = {.multiply_adds = multiply_adds};
};

}  // namespace cornu::inline v0::kernels
