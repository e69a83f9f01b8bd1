#pragma once

// kernels/pointwise.h as plain loops.

#include "cornu/kernels/functions_reference.h"
#include "cornu/kernels/pointwise.h"

namespace cornu::inline v0::kernels {

template <class T, class F>
struct PointwiseReference {
  static void put(T& to, T value, bool accumulate) { to = accumulate ? to + value : value; }

  static void pointwise(const PointwiseArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) a.y[i] = function_value<T, F>(a.function, a.x[i]);
  }

  static void pointwise_back(const PointwiseBackArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      put(a.dx[i], function_back<T, F>(a.function, a.saved[i], a.dy[i]), a.accumulate);
    }
  }

  static constexpr PointwiseKernelsOf<T> kKernels = {
      .pointwise = pointwise,
      .pointwise_back = pointwise_back,
  };
};

}  // namespace cornu::inline v0::kernels
