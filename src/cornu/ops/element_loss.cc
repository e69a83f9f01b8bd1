#include "cornu/ops/element_loss.h"

#include "cornu/ops/builder.h"
#include "cornu/ops/per_row.h"

namespace cornu::inline v0 {

Value kernels::to_value(const LossFunction& function) {
  const std::string text(name(function));
  return function.delta == 0 ? text : text + "(" + shortest(function.delta) + ")";
}

namespace ops {
Outputs outputs(const ElementLoss&, const Builder& b, const Slots& in) {
  return {per_row(b, in[0], in[1])};
}

Outputs outputs(const ElementLossBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

double flops(const ElementLoss& x, const Op&, const Sizes& size) {
  return x.function.facts().flops * size.in[0];
}

double flops(const ElementLossBack& x, const Op&, const Sizes& size) {
  return x.function.facts().flops * size.in[0];
}

void gradient(const ElementLoss& x, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), ElementLossBack{x.function, b.loss_weight(op.out[0])}, op.in);
}

}  // namespace ops
}  // namespace cornu::inline v0
