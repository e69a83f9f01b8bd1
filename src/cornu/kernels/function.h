#pragma once

#include <cstdint>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0::kernels {

/// A function of one number, with its parameters; each gives NaN for NaN.
///
/// linear       x
/// sigmoid      1 / (1 + e⁻ˣ)
/// relu         x > 0 ? x : 0
/// tanh         tanh x
/// exponential  eˣ
/// elu          b·(x > 0 ? x : a·(eˣ − 1)), a and b > 0
/// rectifier    x > b ? (x < c ? x : c) : a·(x − b), a ≥ 0, c > b
/// gelu         x·(1 + erf(x/√2)) / 2
/// silu         x · sigmoid(x)
/// softplus     log(1 + eˣ)
/// softsign     x / (1 + |x|)
/// log          ln x
/// sqrt         √x
/// clip         x < b ? b : (x > c ? c : x), b ≤ c
struct Function {
// One row per function: its name, whether the derivative is computed from x (else from y = f(x)),
// and its FLOPs per element in the vector kernels, where an exponential counts about a dozen.
#define CORNU_FUNCTIONS(ROW)  \
  ROW(linear, false, 0)       \
  ROW(sigmoid, false, 15)     \
  ROW(relu, false, 1)         \
  ROW(tanh, false, 18)        \
  ROW(exponential, false, 12) \
  ROW(elu, false, 16)         \
  ROW(rectifier, true, 4)     \
  ROW(gelu, true, 20)         \
  ROW(silu, true, 16)         \
  ROW(softplus, true, 30)     \
  ROW(softsign, true, 3)      \
  ROW(log, true, 26)          \
  ROW(sqrt, false, 1)         \
  ROW(clip, true, 2)

#define CORNU_KIND(kind, ...) kind,
  enum Kind : uint8_t { CORNU_FUNCTIONS(CORNU_KIND) };
#undef CORNU_KIND

  struct Facts {
    std::string_view name;
    bool saves_input;
    double flops;
  };
#define CORNU_FACTS(kind, ...) Facts{#kind, __VA_ARGS__},
  static constexpr Facts kFacts[] = {CORNU_FUNCTIONS(CORNU_FACTS)};
#undef CORNU_FACTS
#undef CORNU_FUNCTIONS

  Kind kind = linear;
  double a = 0, b = 0, c = 0;

  constexpr Function(Kind of = linear, double a_ = 0, double b_ = 0, double c_ = 0)  // NOLINT
      : kind(of), a(a_), b(b_), c(c_) {}
  friend constexpr bool operator==(const Function&, const Function&) = default;

  constexpr const Facts& facts() const {
    return kFacts[kind];
  }
  constexpr bool saves_input() const {
    return facts().saves_input;
  }
};

constexpr std::string_view name(const Function& function) {
  return function.facts().name;
}

}  // namespace cornu::inline v0::kernels
