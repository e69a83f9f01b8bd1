#pragma once

// kernels/updates.h as plain loops.

#include <cmath>

#include "cornu/kernels/rules_reference.h"
#include "cornu/kernels/updates.h"

namespace cornu::inline v0::kernels {

template <class T>
struct UpdatesReference {
  static T without_tiny(T x) { return std::abs(x) < static_cast<T>(0x1p-120) ? 0 : x; }

  static void sgd(const SgdArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      if (a.velocity == nullptr) {
        a.w[i] = std::fma(-a.learning_rate, a.dw[i], a.w[i]);
        continue;
      }
      const T step = a.learning_rate * a.dw[i];
      const T v = without_tiny(std::fma(a.momentum, a.velocity[i], -step));
      a.velocity[i] = v;
      a.w[i] = a.w[i] + (a.nesterov ? std::fma(a.momentum, v, -step) : v);
    }
  }

  static void adam(const AdamArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      const T g = a.dw[i];
      const T m = without_tiny(std::fma(g - a.m[i], a.one_minus_beta_1, a.m[i]));
      const T v = without_tiny(std::fma(std::fma(g, g, -a.v[i]), a.one_minus_beta_2, a.v[i]));
      a.m[i] = m;
      a.v[i] = v;
      a.w[i] = a.w[i] - m * a.alpha / (std::sqrt(v) + a.epsilon);
    }
  }

  static constexpr UpdateKernelsOf<T> kKernels = {
      .sgd = sgd,
      .adam = adam,
      .rule_update = RulesReference<T>::update,
  };
};

}  // namespace cornu::inline v0::kernels
