#pragma once

#include <cstdint>

#include "cornu/kernels/function.h"

namespace cornu::inline v0::kernels {

/// y[i] = f(x[i]).
template <class T>
struct PointwiseArgsOf {
  Function function;
  const T* x;
  T* y;
  int64_t size;
};

/// dx[i] = dy[i] · f'(…), computed from the saved x[i] or y[i]. Adds to dx if `accumulate`, else
/// overwrites it.
template <class T>
struct PointwiseBackArgsOf {
  Function function;
  const T* saved;
  const T* dy;
  T* dx;
  int64_t size;
  bool accumulate;
};

using PointwiseArgs = PointwiseArgsOf<float>;
using PointwiseBackArgs = PointwiseBackArgsOf<float>;

/// Functions of single numbers.
template <class T>
struct PointwiseKernelsOf {
  void (*pointwise)(const PointwiseArgsOf<T>&);
  void (*pointwise_back)(const PointwiseBackArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
