#include "cornu/ops/parametric_relu.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const ParametricRelu&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}
Outputs outputs(const ParametricReluBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[1]).shape, b.real()}};
}
Outputs outputs(const ParametricReluAlpha&, const Builder& b, const Slots& in) {
  return {{b.slot(in[2]).shape, b.real()}};
}

void gradient(const ParametricRelu&, const Op& op, Builder& b) {
  const SlotId dy = b.gradient(op.out[0]);
  b.add(b.gradient(op.in[0]), ParametricReluBack{}, {dy, op.in[0], op.in[1]});
  b.add(b.gradient(op.in[1]), ParametricReluAlpha{}, {dy, op.in[0], op.in[1]});
  Op& last = b.ops().back();
  last.split = Split::one;
}

Share reads(const ParametricRelu&, const Op& op, size_t input) {
  return input == 0 ? written_share(op) : Share::all;
}
Share reads(const ParametricReluBack&, const Op& op, size_t input) {
  return input < 2 ? written_share(op) : Share::all;
}

}  // namespace cornu::inline v0::ops
