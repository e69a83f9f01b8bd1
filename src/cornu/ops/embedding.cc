#include "cornu/ops/embedding.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Embedding&, const Builder& b, const Slots& in) {
  const auto x = b.slot(in[0]).shape.extents();
  std::vector<int64_t> extents(x.begin(), x.end());
  extents.push_back(b.slot(in[1]).shape.back());
  return {{Shape(extents), b.real()}};
}
Outputs outputs(const EmbeddingBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[2]).shape, b.real()}};
}

void gradient(const Embedding&, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[1]), EmbeddingBack{}, {b.gradient(op.out[0]), op.in[0], op.in[1]});
}

}  // namespace cornu::inline v0::ops
