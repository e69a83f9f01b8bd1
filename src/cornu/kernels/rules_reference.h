#pragma once

// The rules of update_rule.h as plain loops.

#include <cmath>
#include <iterator>

#include "cornu/kernels/update_rule.h"

namespace cornu::inline v0::kernels {

template <class T>
struct RulesReference {
  static T without_tiny(T x) { return std::abs(x) < static_cast<T>(0x1p-120) ? 0 : x; }
  // + 0 flushes denormals on all targets, since only some instructions for a choice do.
  static T larger(T a, T b) { return (a < b ? b : a) + 0; }

  static void rmsprop(const RuleArgsOf<T>& a, int64_t i) {
    const T g = a.dw[i];
    const T v = without_tiny(std::fma(a.beta_1, a.s0[i], a.one_minus_beta_1 * (g * g)));
    a.s0[i] = v;
    T under = v;
    if (a.s2 != nullptr) {
      const T average = without_tiny(std::fma(a.beta_1, a.s2[i], a.one_minus_beta_1 * g));
      a.s2[i] = average;
      under = std::fma(-average, average, v);
    }
    T move = a.rate * g / std::sqrt(under + a.epsilon);
    if (a.s1 != nullptr) {
      move = without_tiny(std::fma(a.momentum, a.s1[i], move));
      a.s1[i] = move;
    }
    a.w[i] = a.w[i] - move;
  }

  static void adagrad(const RuleArgsOf<T>& a, int64_t i) {
    const T g = a.dw[i];
    a.s0[i] = std::fma(g, g, a.s0[i]);
    a.w[i] = a.w[i] - a.rate * g / std::sqrt(a.s0[i] + a.epsilon);
  }

  static void adadelta(const RuleArgsOf<T>& a, int64_t i) {
    const T g = a.dw[i];
    const T gradients = without_tiny(std::fma(a.beta_1, a.s0[i], a.one_minus_beta_1 * (g * g)));
    const T move = std::sqrt(a.s1[i] + a.epsilon) * g / std::sqrt(gradients + a.epsilon);
    a.s0[i] = gradients;
    a.s1[i] = without_tiny(std::fma(a.beta_1, a.s1[i], a.one_minus_beta_1 * (move * move)));
    a.w[i] = std::fma(-a.rate, move, a.w[i]);
  }

  static T first_moment(const RuleArgsOf<T>& a, int64_t i) {
    a.s0[i] = without_tiny(std::fma(a.dw[i] - a.s0[i], a.one_minus_beta_1, a.s0[i]));
    return a.s0[i];
  }
  static T second_moment(const RuleArgsOf<T>& a, int64_t i) {
    const T g = a.dw[i];
    a.s1[i] = without_tiny(std::fma(std::fma(g, g, -a.s1[i]), a.one_minus_beta_2, a.s1[i]));
    return a.s1[i];
  }

  static void adamax(const RuleArgsOf<T>& a, int64_t i) {
    const T m = first_moment(a, i);
    a.s1[i] = without_tiny(larger(a.beta_2 * a.s1[i], std::abs(a.dw[i])));
    a.w[i] = a.w[i] - a.rate * m / (a.s1[i] + a.epsilon);
  }

  static void nadam(const RuleArgsOf<T>& a, int64_t i) {
    const T m = first_moment(a, i);
    const T v = second_moment(a, i);
    const T ahead = std::fma(a.c0, m, a.c1 * a.dw[i]);
    a.w[i] = a.w[i] - a.rate * ahead / (std::sqrt(a.c2 * v) + a.epsilon);
  }

  static void lion(const RuleArgsOf<T>& a, int64_t i) {
    const T g = a.dw[i];
    const T c = std::fma(a.beta_1, a.s0[i], a.one_minus_beta_1 * g);
    a.s0[i] = without_tiny(std::fma(a.beta_2, a.s0[i], a.one_minus_beta_2 * g));
    a.w[i] = a.w[i] - (c > 0 ? a.rate : c < 0 ? -a.rate : c * 0);
  }

  static void amsgrad(const RuleArgsOf<T>& a, int64_t i) {
    const T m = first_moment(a, i);
    a.s2[i] = larger(a.s2[i], second_moment(a, i));
    a.w[i] = a.w[i] - m * a.rate / (std::sqrt(a.s2[i]) + a.epsilon);
  }

  static void update(const RuleArgsOf<T>& a) {
    constexpr void (*kRules[])(const RuleArgsOf<T>&, int64_t) = {rmsprop, adagrad, adadelta, adamax,
                                                                 nadam,   lion,    amsgrad};
    static_assert(std::size(kRules) == std::size(UpdateRule::kFacts));
    for (int64_t i = 0; i < a.size; ++i) kRules[a.kind](a, i);
  }
};

}  // namespace cornu::inline v0::kernels
