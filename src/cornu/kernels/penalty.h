#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

/// dw[i] = factor · (l1 · sign(w[i]) + l2 · w[i]). Adds to dw if `accumulate`, else overwrites it.
template <class T>
struct PenaltyBackArgsOf {
  const T* w;
  T* dw;
  int64_t size;
  T factor, l1, l2;
  bool accumulate;
};

/// Penalties on weights. `penalty` is l1 · Σ |w| + l2 · Σ w², in float64: sixteen lanes, added in
/// ascending order.
template <class T>
struct PenaltyKernelsOf {
  double (*penalty)(const T* w, int64_t size, double l1, double l2);
  void (*penalty_back)(const PenaltyBackArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
