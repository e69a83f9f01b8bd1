#include "cornu/ops/axes.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {
namespace {

std::vector<int64_t> extents_of(const Builder& b, SlotId id) {
  const auto extents = b.slot(id).shape.extents();
  return {extents.begin(), extents.end()};
}

}  // namespace

Outputs outputs(const Sum& x, const Builder& b, const Slots& in) {
  std::vector<int64_t> extents = extents_of(b, in[0]);
  assert(x.axis >= 0 && x.axis < static_cast<int64_t>(extents.size()));
  extents.erase(extents.begin() + x.axis);
  return {{Shape(extents), b.real()}};
}

Outputs outputs(const Repeat& x, const Builder& b, const Slots& in) {
  std::vector<int64_t> extents = extents_of(b, in[0]);
  assert(x.axis >= 0 && x.axis <= static_cast<int64_t>(extents.size()));
  extents.insert(extents.begin() + x.axis, x.extent);
  return {{Shape(extents), b.real()}};
}

Outputs outputs(const Transpose& x, const Builder& b, const Slots& in) {
  std::vector<int64_t> extents = extents_of(b, in[0]);
  assert(x.axis >= 1 && x.middle >= x.axis && x.middle <= static_cast<int64_t>(extents.size()));
  std::rotate(extents.begin() + x.axis, extents.begin() + x.middle, extents.end());
  return {{Shape(extents), b.real()}};
}

void gradient(const Sum& x, const Op& op, Builder& b) {
  const int64_t extent = b.slot(op.in[0]).shape[static_cast<int>(x.axis)];
  b.add(b.gradient(op.in[0]), Repeat{.axis = x.axis, .extent = extent}, {b.gradient(op.out[0])});
  b.ops().back().split = op.split;
}

void gradient(const Repeat& x, const Op& op, Builder& b) {
  const SlotId dx = b.gradient(op.in[0]);
  b.add(dx, Sum{x.axis}, {b.gradient(op.out[0])});
  // Without the batch axis, the sum is over the rows in their order: one member computes it.
  b.ops().back().split = b.slot(dx).shape.has_rows() ? Split::first_axis : Split::one;
}

void gradient(const Transpose& x, const Op& op, Builder& b) {
  const int64_t turned = b.slot(op.in[0]).shape.ndim() - x.middle;
  b.add(b.gradient(op.in[0]), Transpose{.axis = x.axis, .middle = x.axis + turned},
        {b.gradient(op.out[0])});
}

}  // namespace cornu::inline v0::ops
