#pragma once

// kernels/gradient_changes.h as plain loops.

#include "cornu/kernels/gradient_changes.h"
#include "cornu/kernels/scalar_internal.h"

namespace cornu::inline v0::kernels {

template <class T>
struct GradientChangesReference {
  static void accumulate(const AccumulateArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      const T sum = a.dw[i] + a.sum[i];
      if (a.closes) a.dw[i] = sum / a.steps;
      a.sum[i] = a.closes ? 0 : sum;
    }
  }

  static void clip(const ClipArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      const T above = a.dw[i] < -a.limit ? -a.limit : a.dw[i];
      a.dw[i] = (above > a.limit ? a.limit : above) + 0;
    }
  }

  static void scale(const ScaleArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) a.x[i] = a.x[i] * a.factor;
  }

  static void decay(const DecayArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) a.w[i] = a.w[i] - a.w[i] * a.rate * a.learning_rate;
  }

  static void moving_average(const MovingAverageArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      a.average[i] = a.momentum * a.average[i] + a.rest * a.w[i];
      if (a.overwrites) a.w[i] = a.average[i];
    }
  }

  static constexpr GradientChangeKernelsOf<T> kKernels = {
      .accumulate = accumulate,
      .clip = clip,
      .scale = scale,
      .decay = decay,
      .moving_average = moving_average,
      .squared_norm = kernels::squared_norm<T>,
  };
};

}  // namespace cornu::inline v0::kernels
