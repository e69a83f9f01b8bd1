#include "cornu/ops/crossentropy.h"

#include "cornu/ops/builder.h"
#include "cornu/ops/per_row.h"

namespace cornu::inline v0::ops {

Outputs outputs(const SoftmaxCrossentropy&, const Builder& b, const Slots& in) {
  return {per_row(b, in[0])};
}

Outputs outputs(const SoftmaxCrossentropyBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

Outputs outputs(const Crossentropy&, const Builder& b, const Slots& in) {
  return {per_row(b, in[0])};
}

Outputs outputs(const CrossentropyBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

void gradient(const SoftmaxCrossentropy&, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), SoftmaxCrossentropyBack{b.loss_weight(op.out[0])},
        {op.in[1], op.in[2]});
}

void gradient(const Crossentropy& x, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), CrossentropyBack{x.clip_first, b.loss_weight(op.out[0])},
        {op.in[0], op.in[1]});
}

}  // namespace cornu::inline v0::ops
