#pragma once

#include <cstdint>
#include <string_view>

namespace cornu::inline v0::kernels {

/// How an optimizer moves weights w along gradients g, from states s₀, s₁, s₂ of the same shape.
/// Every product that is added to something is one fma. |state| below 2⁻¹²⁰ becomes 0, where states
/// decay.
///
/// rmsprop   s₀ = ρs₀ + (1−ρ)g²; centered: s₂ = ρs₂ + (1−ρ)g, d = s₀ − s₂² + ε, else d = s₀ + ε;
///           move = rate·g/√d; with momentum: s₁ = momentum·s₁ + move, w −= s₁, else w −= move
/// adagrad   s₀ += g²; w −= rate·g/√(s₀ + ε)
/// adadelta  s₀ = ρs₀ + (1−ρ)g²; move = √(s₁ + ε)·g/√(s₀ + ε); s₁ = ρs₁ + (1−ρ)move²;
///           w −= rate·move
/// adamax    s₀ += (g − s₀)(1−β₁); s₁ = max(β₂s₁, |g|); w −= rate·s₀/(s₁ + ε)
/// nadam     s₀, s₁ as adam's m, v; w −= rate·(c₀s₀ + c₁g)/(√(c₂s₁) + ε)
/// lion      w −= rate·sign(β₁s₀ + (1−β₁)g); s₀ = β₂s₀ + (1−β₂)g
/// amsgrad   s₀, s₁ as adam's m, v; s₂ = max(s₂, s₁); w −= rate·s₀/(√s₂ + ε)
struct UpdateRule {
  enum Kind : uint8_t { rmsprop, adagrad, adadelta, adamax, nadam, lion, amsgrad };
  Kind kind = rmsprop;
  double beta_1 = 0;  ///< or ρ
  double beta_2 = 0;
  double epsilon = 0;
  double momentum = 0;
  bool centered = false;

  friend constexpr bool operator==(const UpdateRule&, const UpdateRule&) = default;
};

constexpr std::string_view name(const UpdateRule& rule) {
  constexpr std::string_view kNames[] = {"rmsprop", "adagrad", "adadelta", "adamax",
                                         "nadam",   "lion",    "amsgrad"};
  return kNames[rule.kind];
}

template <class T>
struct RuleArgsOf {
  UpdateRule::Kind kind;
  T* w;
  const T* dw;
  T* s0;
  T* s1;  ///< null where the rule has none
  T* s2;
  int64_t size;
  T rate;
  T beta_1, one_minus_beta_1, beta_2, one_minus_beta_2, epsilon, momentum;
  T c0, c1, c2;
};

}  // namespace cornu::inline v0::kernels
