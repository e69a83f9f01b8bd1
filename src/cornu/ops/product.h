#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = start + x · w, in = {x, w, start or kNone}; axes before the last of x are rows.
/// Shapes: x (rows, …, depth), w (depth, units), start (units) -> y (rows, …, units).
/// x_transposed: y = xᵀ · w, x (rows, …, depth), w (rows, …, units) -> y (depth, units).
/// w_transposed: y = x · wᵀ, x (rows, …, units), w (depth, units) -> y (rows, …, depth).
struct Product {
  bool x_transposed = false;
  bool w_transposed = false;
  enum Input : size_t { kX, kW, kStart };

  static constexpr std::string_view kName = "product";
  static constexpr Layout kLayout = Layout::lines;
  static constexpr bool kTakesFused = true;
  static constexpr int kLeadingAxes = kAllButTheLast;
  static void visit_fields(auto& self, auto& v) {
    v("x_transposed", self.x_transposed);
    v("w_transposed", self.w_transposed);
  }
  friend bool operator==(const Product&, const Product&) = default;
};

/// y = Σ over rows of x. Shapes: x (rows, …, units) -> y (units).
struct SumRows {
  static constexpr std::string_view kName = "sum_rows";
  static constexpr Layout kLayout = Layout::lines;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const SumRows&, const SumRows&) = default;
};

Outputs outputs(const Product&, const Builder&, const Slots& in);
Outputs outputs(const SumRows&, const Builder&, const Slots& in);
double flops(const Product&, const Op&, const Sizes&);
inline double flops(const SumRows&, const Op&, const Sizes& size) {
  return size.in[0];
}
void gradient(const Product&, const Op&, Builder&);
inline void gradient(const SumRows&, const Op&, Builder&) {}
Share reads(const Product&, const Op&, size_t input);
Share reads(const SumRows&, const Op&, size_t input);

}  // namespace cornu::inline v0::ops
