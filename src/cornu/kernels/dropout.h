#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

/// y[i, j] = x[i, j] · 1/(1−rate) where kept, else 0. Element first + j of sample `sample[i]` is
/// kept when uniform(key, sample[i], first + j) ≥ rate (core/rng.h). The gradient is the same
/// function of dy.
template <class T>
struct DropoutArgsOf {
  const T* x;
  int64_t x_row;  ///< elements between the starts of two rows
  T* y;
  int64_t y_row;
  int64_t rows, cols;
  int64_t first;  ///< the element of its sample that x begins with, a multiple of 4
  T rate;
  uint64_t key;
  const uint64_t* sample;
  bool accumulate;
};

using DropoutArgs = DropoutArgsOf<float>;

/// Dropout.
template <class T>
struct DropoutKernelsOf {
  void (*dropout)(const DropoutArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
