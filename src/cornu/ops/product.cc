#include "cornu/ops/product.h"

#include <cassert>
#include <cmath>

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Product& p, const Builder& b, const Slots& in) {
  const Shape& x = b.slot(in[Product::kX]).shape;
  const Shape& w = b.slot(in[Product::kW]).shape;
  if (p.x_transposed) return {{Shape{x.back(), w.back()}, b.real()}};
  const int64_t depth = p.w_transposed ? w[1] : w[0];
  if (x.ndim() < 2 || x.back() != depth) {
    throw Error({.where = b.scope_name(),
                 .what = "input does not fit the kernel",
                 .expected = "inputs of shape (None, …, " + std::to_string(depth) + ")",
                 .found = x.str()});
  }
  std::vector<int64_t> extents(x.extents().begin(), x.extents().end());
  extents.back() = p.w_transposed ? w[0] : w[1];
  return {{Shape(extents), b.real()}};
}

Outputs outputs(const SumRows&, const Builder& b, const Slots& in) {
  return {{Shape{b.slot(in[0]).shape.back()}, b.real()}};
}

double flops(const Product&, const Op&, const Sizes& size) {
  // With rows × depth, depth × units and rows × units numbers in its three matrices, in whichever
  // order, the root of their product is rows · depth · units.
  return 2 * std::sqrt(size.in[Product::kX] * size.in[Product::kW] * size.out[0]);
}

Share reads(const Product& p, const Op& op, size_t input) {
  const bool rows = op.split == Split::first_axis;
  if (!rows && op.split != Split::last_axis) return Share::all;
  switch (input) {
    case Product::kX:
      return !rows ? Share::all : p.x_transposed ? Share::last_axis : Share::first_axis;
    case Product::kW:
      return rows ? Share::all : p.w_transposed ? Share::first_axis : Share::last_axis;
    case Product::kStart:
      return rows ? Share::all : Share::first_axis;  // its only axis
    default:
      return Share::all;
  }
}

Share reads(const SumRows&, const Op& op, size_t) {
  // The only axis of y is the last one of x.
  return op.split == Split::first_axis || op.split == Split::last_axis ? Share::last_axis
                                                                       : Share::all;
}

void gradient([[maybe_unused]] const Product& p, const Op& op, Builder& b) {
  assert(!p.x_transposed && !p.w_transposed);
  const SlotId x = op.in[0];
  const SlotId w = op.in[1];
  const SlotId start = op.in[2];
  const SlotId dy = b.gradient(op.out[0]);
  b.add(b.gradient(w), Product{.x_transposed = true}, {x, dy, kNone});
  if (start != kNone) b.add(b.gradient(start), SumRows{}, {dy});
  b.add(b.gradient(x), Product{.w_transposed = true}, {dy, w, kNone});
}

}  // namespace cornu::inline v0::ops
