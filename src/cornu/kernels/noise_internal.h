#pragma once

#include <cmath>

#include "cornu/core/math_internal.h"
#include "cornu/core/rng.h"
#include "cornu/kernels/noise.h"

namespace cornu::inline v0::kernels {

/// noise(), inlined so that it is compiled for the caller's instruction set.
template <class T>
inline __attribute__((always_inline)) void noise_here(const NoiseArgsOf<T>& a) {
  constexpr double kTurn = 6.283185307179586;
  for (int64_t i = 0; i < a.rows; ++i) {
    T* const y = a.y + i * a.cols;
    for (int64_t j = 0; j < a.cols; j += 2) {
      const auto words = Philox::words(a.key, a.sample[i], static_cast<uint64_t>(j / 2));
      const double u = 1 - uniform(words[0], words[1]);  // above 0
      const double angle = kTurn * uniform(words[2], words[3]);
      const double radius = a.stddev * std::sqrt(-2 * inlined::log_of(u));
      y[j] = static_cast<T>(a.mean + radius * inlined::cos_of(angle));
      if (j + 1 < a.cols) y[j + 1] = static_cast<T>(a.mean + radius * inlined::sin_of(angle));
    }
  }
}

}  // namespace cornu::inline v0::kernels
