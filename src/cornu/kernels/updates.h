#pragma once

#include <cstdint>

#include "cornu/kernels/update_rule.h"

namespace cornu::inline v0::kernels {

/// velocity == null: w −= lr·dw. Else v = momentum·v − lr·dw, and w += v, or with nesterov
/// w += momentum·v − lr·dw. Keras's form. |v| below 2⁻¹²⁰ becomes 0.
template <class T>
struct SgdArgsOf {
  T* w;
  const T* dw;
  T* velocity;
  int64_t size;
  T learning_rate, momentum;
  bool nesterov;

  void advance(int64_t offset) {
    w += offset;
    if (velocity != nullptr) velocity += offset;
  }
};

/// m += (g − m)·(1−β₁); v += (g² − v)·(1−β₂); w −= m·alpha / (√v + ε), alpha the step size
/// already corrected: Keras's form (Kingma and Ba 2014, ε̂). |m|, |v| below 2⁻¹²⁰ become 0.
template <class T>
struct AdamArgsOf {
  T* w;
  const T* dw;
  T* m;
  T* v;
  int64_t size;
  T alpha, one_minus_beta_1, one_minus_beta_2, epsilon;

  void advance(int64_t offset) {
    w += offset;
    m += offset;
    v += offset;
  }
};

using SgdArgs = SgdArgsOf<float>;
using AdamArgs = AdamArgsOf<float>;
using RuleArgs = RuleArgsOf<float>;

/// Updates of weights by optimizers.
template <class T>
struct UpdateKernelsOf {
  void (*sgd)(const SgdArgsOf<T>&);
  void (*adam)(const AdamArgsOf<T>&);
  void (*rule_update)(const RuleArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
