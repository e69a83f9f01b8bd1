#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = x > 0 ? x : alpha·x (He et al. 2015); in = {x, alpha}. Shapes: x (rows, …), alpha of
/// one sample's shape, with extent 1 along the axes that share it -> y as x.
struct ParametricRelu {
  static constexpr std::string_view kName = "parametric_relu";
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const ParametricRelu&, const ParametricRelu&) = default;
};

/// dx = dy·(x > 0 ? 1 : x < 0 ? alpha : 0), in Keras's form; in = {dy, x, alpha}.
struct ParametricReluBack {
  static constexpr std::string_view kName = "parametric_relu_back";
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const ParametricReluBack&, const ParametricReluBack&) = default;
};

/// dalpha = Σ dy·min(x, 0), one fma chain over rows and then shared axes, ascending; in = {dy, x,
/// alpha}, alpha for its shape.
struct ParametricReluAlpha {
  static constexpr std::string_view kName = "parametric_relu_alpha";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const ParametricReluAlpha&, const ParametricReluAlpha&) = default;
};

Outputs outputs(const ParametricRelu&, const Builder&, const Slots& in);
Outputs outputs(const ParametricReluBack&, const Builder&, const Slots& in);
Outputs outputs(const ParametricReluAlpha&, const Builder&, const Slots& in);
inline double flops(const ParametricRelu&, const Op&, const Sizes& size) {
  return 2 * size.in[0];
}
inline double flops(const ParametricReluBack&, const Op&, const Sizes& size) {
  return 3 * size.in[0];
}
inline double flops(const ParametricReluAlpha&, const Op&, const Sizes& size) {
  return 3 * size.in[0];
}
void gradient(const ParametricRelu&, const Op&, Builder&);
inline void gradient(const ParametricReluBack&, const Op&, Builder&) {}
inline void gradient(const ParametricReluAlpha&, const Op&, Builder&) {}
Share reads(const ParametricRelu&, const Op& op, size_t input);
Share reads(const ParametricReluBack&, const Op& op, size_t input);

}  // namespace cornu::inline v0::ops
