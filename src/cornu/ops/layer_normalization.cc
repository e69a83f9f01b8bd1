#include "cornu/ops/layer_normalization.h"

#include "cornu/ops/builder.h"
#include "cornu/ops/per_row.h"

namespace cornu::inline v0::ops {

Outputs outputs(const LineNorm&, const Builder& b, const Slots& in) {
  const Output line = per_row(b, in[0]);
  return {{b.slot(in[0]).shape, b.real()}, line, line};
}
Outputs outputs(const LineNormBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[1]).shape, b.real()}};
}
Outputs outputs(const LineNormGamma&, const Builder& b, const Slots& in) {
  return {{Shape{b.slot(in[0]).shape.back()}, b.real()}};
}

void gradient(const LineNorm&, const Op& op, Builder& b) {
  const SlotId dy = b.gradient(op.out[0]);
  const SlotId gamma = op.in[1];
  const SlotId beta = op.in[2];
  b.add(b.gradient(op.in[0]), LineNormBack{}, {dy, op.in[0], op.out[1], op.out[2], gamma});
  if (gamma != kNone) {
    b.add(b.gradient(gamma), LineNormGamma{}, {dy, op.in[0], op.out[1], op.out[2]});
  }
  if (beta != kNone) b.add(b.gradient(beta), SumRows{}, {dy});
}

Share reads(const LineNorm&, const Op& op, size_t input) {
  return input == 0 ? written_share(op) : Share::all;
}
Share reads(const LineNormBack&, const Op& op, size_t input) {
  return input == 4 ? Share::all : written_share(op);
}
// A member that writes a column reads every line's statistics.
Share reads(const LineNormGamma&, const Op& op, size_t input) {
  return op.split == Split::one || input > 1 ? Share::all : Share::last_axis;
}

}  // namespace cornu::inline v0::ops
