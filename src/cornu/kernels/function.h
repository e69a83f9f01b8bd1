#pragma once

#include <cstdint>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0::kernels {

/// A function of one number, with its parameters; NaN passes through each.
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
struct Function {
  enum Kind : uint8_t {
    linear,
    sigmoid,
    relu,
    tanh,
    exponential,
    elu,
    rectifier,
    gelu,
    silu,
    softplus,
    softsign
  };
  Kind kind = linear;
  double a = 0, b = 0, c = 0;

  constexpr Function(Kind of = linear, double a_ = 0, double b_ = 0, double c_ = 0)  // NOLINT
      : kind(of), a(a_), b(b_), c(c_) {}
  friend constexpr bool operator==(const Function&, const Function&) = default;

  /// Whether the derivative is computed from x; else it is from y = f(x).
  constexpr bool saves_input() const {
    return kind == rectifier || kind == gelu || kind == silu || kind == softplus ||
           kind == softsign;
  }
};

constexpr std::string_view name(const Function& function) {
  constexpr std::string_view kNames[] = {"linear",      "sigmoid",  "relu",      "tanh",
                                         "exponential", "elu",      "rectifier", "gelu",
                                         "silu",        "softplus", "softsign"};
  return kNames[function.kind];
}

}  // namespace cornu::inline v0::kernels
