#pragma once

// Layer normalization (Ba, Kiros, Hinton 2016): statistics of each line along the last axis.

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = (x − mean)/√(variance + ε)·gamma + beta; in = {x, gamma, beta}; gamma and beta may be kNone.
/// out = {y, mean, inverse}, inverse = 1/√(variance + ε). Shapes: x and y (rows, …, n); mean and
/// inverse (rows, …).
struct LineNorm {
  double epsilon = 1e-3;
  static constexpr std::string_view kName = "line_norm";
  static void visit_fields(auto& self, auto& v) { v("epsilon", self.epsilon); }
  friend bool operator==(const LineNorm&, const LineNorm&) = default;
};

/// dx of LineNorm; in = {dy, x, mean, inverse, gamma}; gamma may be kNone.
struct LineNormBack {
  static constexpr std::string_view kName = "line_norm_back";
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const LineNormBack&, const LineNormBack&) = default;
};

/// dgamma of LineNorm: Σ dy·(x − mean)·inverse over lines, ascending, in float64; in = {dy, x,
/// mean, inverse} -> (n).
struct LineNormGamma {
  static constexpr std::string_view kName = "line_norm_gamma";
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const LineNormGamma&, const LineNormGamma&) = default;
};

Outputs outputs(const LineNorm&, const Builder&, const Slots& in);
Outputs outputs(const LineNormBack&, const Builder&, const Slots& in);
Outputs outputs(const LineNormGamma&, const Builder&, const Slots& in);
inline double flops(const LineNorm&, const Op&, const Sizes& size) {
  return 8 * size.in[0];
}
inline double flops(const LineNormBack&, const Op&, const Sizes& size) {
  return 10 * size.in[0];
}
inline double flops(const LineNormGamma&, const Op&, const Sizes& size) {
  return 4 * size.in[0];
}
void gradient(const LineNorm&, const Op&, Builder&);
inline void gradient(const LineNormBack&, const Op&, Builder&) {}
inline void gradient(const LineNormGamma&, const Op&, Builder&) {}
Share reads(const LineNorm&, const Op& op, size_t input);
Share reads(const LineNormBack&, const Op& op, size_t input);
Share reads(const LineNormGamma&, const Op& op, size_t input);

}  // namespace cornu::inline v0::ops
