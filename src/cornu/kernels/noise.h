#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

template <class T>
struct NoiseArgsOf {
  T* y;
  int64_t rows, cols;
  double mean, stddev;
  uint64_t key;
  const uint64_t* sample;  ///< the id of each row's sample
};

/// y = mean + stddev·z, z standard normal (Box and Muller 1958): elements 2k and 2k + 1 of a row
/// are √(−2 ln u)·cos 2πv and √(−2 ln u)·sin 2πv, u and v from block k of the sample's random
/// words. In float64.
template <class T>
void noise(const NoiseArgsOf<T>& a);

/// Normally distributed numbers.
template <class T>
struct NoiseKernelsOf {
  void (*noise)(const NoiseArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
