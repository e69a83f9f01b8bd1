#include "cornu/ops/embedding.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Embedding&, const Builder& b, const Slots& in) {
  const Shape& x = b.slot(in[0]).shape;
  if (x.ndim() == kMaxNdim) {
    throw Error({.where = b.scope_name(),
                 .expected = "indices of at most " + std::to_string(kMaxNdim - 1) + " axes",
                 .found = x.str()});
  }
  std::vector<int64_t> extents(x.extents().begin(), x.extents().end());
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
