#include "cornu/ops/rearrange.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Value to_value(const AxisNumbers& x) {
  Value::List list;
  for (const int32_t each : x.at) list.emplace_back(static_cast<int64_t>(each));
  return list;
}

Outputs outputs(const Rearrange& x, const Builder& b, const Slots& in) {
  const Shape& shape = b.slot(in[0]).shape;
  std::vector<int64_t> extents = {shape[0]};
  for (size_t i = 0; i + 1 < static_cast<size_t>(shape.ndim()); ++i) {
    assert(x.order.at[i] < shape.ndim() - 1);
    extents.push_back(shape[x.order.at[i] + 1] + x.before.at[i] + x.after.at[i]);
  }
  return {{Shape(extents), b.real()}};
}

void gradient(const Rearrange& x, const Op& op, Builder& b) {
  Rearrange back;
  for (size_t i = 0; i < AxisNumbers::kMost; ++i) {
    const auto from = static_cast<size_t>(x.order.at[i]);
    back.order.at[from] = static_cast<int32_t>(i);
    back.before.at[from] = -x.before.at[i];
    back.after.at[from] = -x.after.at[i];
  }
  b.add(b.gradient(op.in[0]), back, {b.gradient(op.out[0])});
}

Rearrange move_axis(int64_t from, int64_t to) {
  Rearrange moved;
  const auto begin = moved.order.at.begin();  // of axis 1
  if (from < to) {
    std::rotate(begin + (from - 1), begin + from, begin + to);
  } else {
    std::rotate(begin + (to - 1), begin + (from - 1), begin + from);
  }
  return moved;
}

}  // namespace cornu::inline v0::ops
