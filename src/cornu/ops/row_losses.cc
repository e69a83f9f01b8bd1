#include "cornu/ops/row_losses.h"

#include "cornu/ops/builder.h"
#include "cornu/ops/per_row.h"

namespace cornu::inline v0::ops {

Outputs outputs(const CategoricalHinge&, const Builder& b, const Slots& in) {
  return {per_row(b, in[0], in[1])};
}

Outputs outputs(const CategoricalHingeBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

Outputs outputs(const CosineSimilarity&, const Builder& b, const Slots& in) {
  return {per_row(b, in[0], in[1])};
}

Outputs outputs(const CosineSimilarityBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

void gradient(const CategoricalHinge&, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), CategoricalHingeBack{b.loss_weight(op.out[0])}, op.in);
}

void gradient(const CosineSimilarity&, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), CosineSimilarityBack{b.loss_weight(op.out[0])}, op.in);
}

}  // namespace cornu::inline v0::ops
