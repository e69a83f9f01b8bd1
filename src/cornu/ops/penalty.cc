#include "cornu/ops/penalty.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Penalty&, const Builder& b, const Slots&) {
  return {{Shape{1}, b.real()}};
}
Outputs outputs(const PenaltyBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[1]).shape, b.real()}};
}

void gradient(const Penalty& x, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), PenaltyBack{x.l1, x.l2}, {b.gradient(op.out[0]), op.in[0]});
}

}  // namespace cornu::inline v0::ops
