#pragma once

#include <cmath>

namespace cornu::inline v0::kernels {

// Numbers of an optimizer that depend on how many updates there were, once per update and in
// float64. Powers of β go on as running products, which begin with 1.

/// βᵗ for the t-th call.
inline double next_power(double beta, double& power) {
  return power *= beta;
}

/// Adam's step size: rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) (Kingma and Ba 2014).
inline double adam_step(double rate, double power_1, double power_2) {
  return rate * std::sqrt(1 - power_2) / (1 - power_1);
}

/// Adamax's: rate / (1 − β₁ᵗ).
inline double adamax_step(double rate, double power_1) {
  return rate / (1 - power_1);
}

/// Nadam's c₀, c₁, c₂ (update_rule.h): μₜ = β₁·(1 − decayᵗ/2), decay = 0.96, whose product over
/// all t so far is `schedule` (Dozat 2016).
struct NadamNumbers {
  double c0, c1, c2;
};
inline NadamNumbers nadam_numbers(double beta_1, double decay, double decay_power, double power_2,
                                  double& schedule) {
  const double now = beta_1 * (1 - 0.5 * decay_power);
  const double next = beta_1 * (1 - 0.5 * (decay_power * decay));
  schedule *= now;
  return {next / (1 - schedule * next), (1 - now) / (1 - schedule), 1 / (1 - power_2)};
}

}  // namespace cornu::inline v0::kernels
