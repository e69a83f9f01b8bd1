#pragma once

#include <cstdint>
#include <string_view>

namespace cornu::inline v0::kernels {

/// How an optimizer moves weights w along gradients g, from states s₀, s₁, s₂ of the same shape.
/// Every product that is added to something is one fma. A state that decays becomes 0 where it is
/// below 2⁻¹²⁰ in magnitude.
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
// One row per rule: its name, and whether it has the states s₁ and s₂; rmsprop's options add them.
#define CORNU_UPDATE_RULES(ROW) \
  ROW(rmsprop, false, false)    \
  ROW(adagrad, false, false)    \
  ROW(adadelta, true, false)    \
  ROW(adamax, true, false)      \
  ROW(nadam, true, false)       \
  ROW(lion, false, false)       \
  ROW(amsgrad, true, true)

#define CORNU_KIND(kind, ...) kind,
  enum Kind : uint8_t { CORNU_UPDATE_RULES(CORNU_KIND) };
#undef CORNU_KIND

  struct Facts {
    std::string_view name;
    bool has_s1, has_s2;
  };
#define CORNU_FACTS(kind, ...) Facts{#kind, __VA_ARGS__},
  static constexpr Facts kFacts[] = {CORNU_UPDATE_RULES(CORNU_FACTS)};
#undef CORNU_FACTS
#undef CORNU_UPDATE_RULES

  Kind kind = rmsprop;
  double beta_1 = 0;  ///< or ρ
  double beta_2 = 0;
  double epsilon = 0;
  double momentum = 0;
  bool centered = false;

  friend constexpr bool operator==(const UpdateRule&, const UpdateRule&) = default;

  constexpr const Facts& facts() const {
    return kFacts[kind];
  }
  constexpr bool has_s1() const {
    return facts().has_s1 || (kind == rmsprop && momentum > 0);
  }
  constexpr bool has_s2() const {
    return facts().has_s2 || (kind == rmsprop && centered);
  }
};

constexpr std::string_view name(const UpdateRule& rule) {
  return rule.facts().name;
}

template <class T>
struct RuleArgsOf {
  UpdateRule::Kind kind;
  T* w;
  const T* dw;
  T* s0;
  T* s1;  ///< null if the rule has none
  T* s2;
  int64_t size;
  T rate;
  T beta_1, one_minus_beta_1, beta_2, one_minus_beta_2, epsilon, momentum;
  T c0, c1, c2;

  void advance(int64_t offset) {
    w += offset;
    for (T** state : {&s0, &s1, &s2}) {
      if (*state != nullptr) *state += offset;
    }
  }
};

}  // namespace cornu::inline v0::kernels
