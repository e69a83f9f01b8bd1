#include "cornu/ops/row_weights.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const ScaleRows&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

Outputs outputs(const MeanBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

void gradient(const ScaleRows& x, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), x, {b.gradient(op.out[0]), op.in[1]});
}

}  // namespace cornu::inline v0::ops
