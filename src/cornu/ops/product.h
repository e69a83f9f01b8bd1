#pragma once

#include <optional>
#include <variant>

#include "cornu/ops/encode.h"
#include "cornu/ops/pointwise.h"
#include "cornu/ops/updates.h"

namespace cornu::inline v0::ops {

/// y = start + x · w, in = {x, w, start or kNone}; axes before the last of x are rows.
/// Shapes: x (rows, …, depth), w (depth, units), start (units) -> y (rows, …, units).
/// x_transposed: y = xᵀ · w, x (rows, …, depth), w (rows, …, units) -> y (depth, units).
/// w_transposed: y = x · wᵀ, x (rows, …, units), w (depth, units) -> y (rows, …, depth).
///
/// Passes (plan/passes.h) move other ops into a product, which then has the inputs named below:
/// `decode`: x holds stored bytes. kNonzero, kListed: the k that may be left out. `function`:
/// y = f(sum), or with a saved output y = sum · f'(saved). `update`: y is not written; it
/// is the gradient of an optimizer's update, which is done at once: out = {w, …} as the update's.
struct Product {
  bool x_transposed = false;
  bool w_transposed = false;
  std::optional<Decode> decode = {};
  Function function = Function::linear;
  std::variant<std::monostate, SgdUpdate, AdamUpdate> update = {};

  enum Input : size_t { kX, kW, kStart, kSaved, kNonzero, kListed, kAlpha, kInputs };

  static constexpr std::string_view kName = "product";
  static void visit_fields(auto& self, auto& v) {
    v("x_transposed", self.x_transposed);
    v("w_transposed", self.w_transposed);
    v("function", self.function);
  }
  friend bool operator==(const Product&, const Product&) = default;
};

/// y = Σ over rows of x. Shapes: x (rows, …, units) -> y (units).
struct SumRows {
  static constexpr std::string_view kName = "sum_rows";
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
/// The names of the ops fused into a product: decode, nonzero, pointwise_back, an update.
std::vector<std::string> fused_text(const Product&, const Op&);

}  // namespace cornu::inline v0::ops
