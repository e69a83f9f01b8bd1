#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

/// Gradients are summed over several steps. Where an update `closes` them, dw = (dw + sum) / steps
/// and sum = 0; else sum += dw, and dw stays.
template <class T>
struct AccumulateArgsOf {
  T* dw;
  T* sum;
  int64_t size;
  T steps;
  bool closes;
};

/// dw[i] = min(max(dw[i], −limit), limit) + 0, NaN for NaN.
template <class T>
struct ClipArgsOf {
  T* dw;
  int64_t size;
  T limit;
};

/// x[i] = x[i] · factor.
template <class T>
struct ScaleArgsOf {
  T* x;
  int64_t size;
  T factor;
};

/// w[i] −= w[i] · rate · learning_rate (Loshchilov and Hutter 2019, Keras's form).
template <class T>
struct DecayArgsOf {
  T* w;
  int64_t size;
  T rate, learning_rate;
};

/// average[i] = momentum · average[i] + rest · w[i], and w[i] = average[i] if it `overwrites` w.
template <class T>
struct MovingAverageArgsOf {
  T* average;
  T* w;
  int64_t size;
  T momentum, rest;
  bool overwrites;
};

/// What is done to gradients before an update, and to weights around it.
template <class T>
struct GradientChangeKernelsOf {
  void (*accumulate)(const AccumulateArgsOf<T>&);
  void (*clip)(const ClipArgsOf<T>&);
  void (*scale)(const ScaleArgsOf<T>&);
  void (*decay)(const DecayArgsOf<T>&);
  void (*moving_average)(const MovingAverageArgsOf<T>&);
  /// Σ x², in float64: sixteen lanes over blocks of 4,096 elements, blocks ascending.
  double (*squared_norm)(const T* x, int64_t size);
};

}  // namespace cornu::inline v0::kernels
