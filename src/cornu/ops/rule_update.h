#pragma once

#include "cornu/core/value.h"
#include "cornu/kernels/update_rule.h"
#include "cornu/ops/gradients.h"

namespace cornu::inline v0::kernels {

/// The rule's name with its nonzero numbers: rmsprop(beta_1=0.9, epsilon=1e-07).
CORNU_API Value to_value(const UpdateRule& rule);

}  // namespace cornu::inline v0::kernels

namespace cornu::inline v0::ops {

/// An optimizer's update by a rule of kernels/update_rule.h; in = {dw}, or {dw, numbers} for a rule
/// whose rate (and c₀ … c₂) a RuleStep gives, out = {w, states…}, as many states as the rule has.
struct RuleUpdate {
  kernels::UpdateRule rule;
  static constexpr std::string_view kName = "rule_update";
  static constexpr bool kElementwise = true;
  static constexpr bool kTakesSlices = true;
  static void visit_fields(auto& self, auto& v) { v("rule", self.rule); }
  friend bool operator==(const RuleUpdate&, const RuleUpdate&) = default;
};

/// Once per step: the factors of a rule that depend on the number of steps so far, from running
/// products in float64 states. out = {numbers, states…}, in = {states…}. As in Keras, betas of the
/// products are rounded to float32 first.
///
/// adamax  states β₁ᵗ; numbers {learning_rate / (1 − β₁ᵗ)}
/// nadam   states Π uₜ, 0.96ᵗ, β₂ᵗ, uₜ = β₁(1 − 0.96ᵗ/2); numbers {learning_rate,
///         uₜ₊₁ / (1 − Π uₜ₊₁), (1 − uₜ) / (1 − Π uₜ), 1 / (1 − β₂ᵗ)}
struct RuleStep {
  kernels::UpdateRule rule;
  static constexpr std::string_view kName = "rule_step";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("rule", self.rule); }
  friend bool operator==(const RuleStep&, const RuleStep&) = default;
};

Outputs outputs(const RuleUpdate&, const Builder&, const Slots& in);
Outputs outputs(const RuleStep&, const Builder&, const Slots& in);
inline double flops(const RuleUpdate&, const Op&, const Sizes& size) {
  return 14 * size.in[0];
}
inline double flops(const RuleStep&, const Op&, const Sizes&) {
  return 12;
}
inline void gradient(const RuleUpdate&, const Op&, Builder&) {}
inline void gradient(const RuleStep&, const Op&, Builder&) {}
inline Share reads(const RuleUpdate&, const Op& op, size_t input) {
  return input == 0 ? written_share(op) : Share::all;
}

}  // namespace cornu::inline v0::ops
