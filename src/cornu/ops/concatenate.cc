#include "cornu/ops/concatenate.h"

#include <cassert>

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Concatenate& c, const Builder& b, const Slots& in) {
  const auto axis = static_cast<size_t>(c.axis);
  const Shape& first = b.slot(in[0]).shape;
  std::vector<int64_t> sum(first.extents().begin(), first.extents().end());
  for (size_t i = 1; i < in.size(); ++i) {
    const Shape& shape = b.slot(in[i]).shape;
    std::vector<int64_t> others(shape.extents().begin(), shape.extents().end());
    if (others.size() == sum.size()) {
      const int64_t extent = others[axis];
      others[axis] = sum[axis];
      if (others == sum) {
        if (!__builtin_add_overflow(sum[axis], extent, &sum[axis])) continue;
        throw Error({.where = b.scope_name(),
                     .what = "the extents of axis " + std::to_string(c.axis) +
                             " have a sum that overflows 63 bits"});
      }
    }
    throw Error({.where = b.scope_name(),
                 .what = "the inputs differ in shape apart from axis " + std::to_string(c.axis),
                 .expected = first.str(),
                 .found = shape.str()});
  }
  return {{Shape(sum), b.real()}};
}

Outputs outputs(const Slice& s, const Builder& b, const Slots& in) {
  const Shape& x = b.slot(in[0]).shape;
  std::vector<int64_t> extents(x.extents().begin(), x.extents().end());
  assert(s.begin >= 0 && s.begin + s.extent <= extents[static_cast<size_t>(s.axis)]);
  extents[static_cast<size_t>(s.axis)] = s.extent;
  return {{Shape(extents), b.real()}};
}

void gradient(const Concatenate& c, const Op& op, Builder& b) {
  int64_t begin = 0;
  for (const SlotId in : op.in) {
    const int64_t extent = b.slot(in).shape[static_cast<int>(c.axis)];
    b.add(b.gradient(in), Slice{.axis = c.axis, .begin = begin, .extent = extent},
          {b.gradient(op.out[0])});
    begin += extent;
  }
}

}  // namespace cornu::inline v0::ops
