#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// The number as float32 holds it. Keras takes powers of such a β, and its Nadam subtracts such a
/// one.
inline double as_float32(double beta) {
  return static_cast<float>(beta);
}

/// w −= learning_rate·dw; in = {dw}, out = {w}; with momentum in = {dw}, out = {w, velocity}:
/// v = momentum·v − learning_rate·dw, w += v; nesterov: w += momentum·v − learning_rate·dw.
struct SgdUpdate {
  double momentum = 0;
  bool nesterov = false;
  static constexpr std::string_view kName = "sgd_update";
  static constexpr bool kElementwise = true;
  static constexpr bool kTakesSlices = true;
  static void visit_fields(auto& self, auto& v) {
    v("momentum", self.momentum);
    v("nesterov", self.nesterov);
  }
  friend bool operator==(const SgdUpdate&, const SgdUpdate&) = default;
};

/// Once per step, β₁ᵗ and β₂ᵗ as running products in float64 states; in = {β₁ᵗ, β₂ᵗ},
/// out = {alpha, β₁ᵗ, β₂ᵗ}, alpha = learning_rate·√(1 − β₂ᵗ) / (1 − β₁ᵗ). As in Keras the betas of
/// the products are rounded to float32 first.
struct AdamStep {
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  static constexpr std::string_view kName = "adam_step";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) {
    v("beta_1", self.beta_1);
    v("beta_2", self.beta_2);
  }
  friend bool operator==(const AdamStep&, const AdamStep&) = default;
};

/// m += (dw − m)(1 − β₁), v += (dw² − v)(1 − β₂), w −= m·alpha / (√v + ε): in = {dw, alpha},
/// out = {w, m, v}. Keras's form of Kingma and Ba 2014: ε is added to the root of the
/// uncorrected v.
struct AdamUpdate {
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  static constexpr std::string_view kName = "adam_update";
  static constexpr bool kElementwise = true;
  static constexpr bool kTakesSlices = true;
  static void visit_fields(auto& self, auto& v) {
    v("beta_1", self.beta_1);
    v("beta_2", self.beta_2);
    v("epsilon", self.epsilon);
  }
  friend bool operator==(const AdamUpdate&, const AdamUpdate&) = default;
};

Outputs outputs(const AdamStep&, const Builder&, const Slots& in);
// Updates write weights and states that exist already, of the gradient's shape.
Outputs outputs(const SgdUpdate&, const Builder&, const Slots& in);
Outputs outputs(const AdamUpdate&, const Builder&, const Slots& in);
inline double flops(const SgdUpdate&, const Op&, const Sizes& size) {
  return 2 * size.in[0];
}
inline double flops(const AdamStep&, const Op&, const Sizes&) {
  return 7;
}
inline double flops(const AdamUpdate&, const Op&, const Sizes& size) {
  return 12 * size.in[0];
}
inline void gradient(const SgdUpdate&, const Op&, Builder&) {}
inline void gradient(const AdamStep&, const Op&, Builder&) {}
inline void gradient(const AdamUpdate&, const Op&, Builder&) {}
inline Share reads(const AdamUpdate&, const Op& op, size_t input) {
  return input == 0 ? written_share(op) : Share::all;
}

}  // namespace cornu::inline v0::ops
