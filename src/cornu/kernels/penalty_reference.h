#pragma once

// kernels/penalty.h as plain loops.

#include "cornu/kernels/penalty.h"
#include "cornu/kernels/scalar_internal.h"

namespace cornu::inline v0::kernels {

template <class T>
struct PenaltyReference {
  static void penalty_back(const PenaltyBackArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      const T w = a.w[i];
      const T slope = (w > 0 ? a.l1 : w < 0 ? -a.l1 : 0) + a.l2 * w;
      a.dw[i] = a.accumulate ? a.dw[i] + a.factor * slope : a.factor * slope;
    }
  }

  static constexpr PenaltyKernelsOf<T> kKernels = {
      .penalty = kernels::penalty<T>,
      .penalty_back = penalty_back,
  };
};

}  // namespace cornu::inline v0::kernels
