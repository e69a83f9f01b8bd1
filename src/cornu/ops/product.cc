#include "cornu/ops/product.h"

#include <cassert>
#include <cmath>

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs([[maybe_unused]] const Product& p, const Builder& b, const Slots& in) {
  // Backward products are made by gradient() below, whose shapes follow from these.
  assert(!p.x_transposed && !p.w_transposed);
  const Slot& x = b.slot(in[0]);
  const Slot& w = b.slot(in[1]);
  if (x.shape.ndim() < 2 || x.shape.back() != w.shape[0]) {
    throw Error({.where = b.scope_name(),
                 .what = "input does not fit the kernel",
                 .expected = "inputs of shape (None, …, " + std::to_string(w.shape[0]) + ")",
                 .found = x.shape.str()});
  }
  std::vector<int64_t> extents(x.shape.extents().begin(), x.shape.extents().end());
  extents.back() = w.shape[1];
  return {{Shape(extents), b.real()}};
}

Outputs outputs(const SumRows&, const Builder& b, const Slots& in) {
  return {{Shape{b.slot(in[0]).shape.back()}, b.real()}};
}

double flops(const Product&, const Op&, const Sizes& size) {
  // With rows × depth, depth × units and rows × units numbers in its three matrices, in whichever
  // order, the root of their product is rows · depth · units.
  return 2 * std::sqrt(size.in[0] * size.in[1] * size.out[0]);
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
