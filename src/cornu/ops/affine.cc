#include "cornu/ops/affine.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Affine&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

void gradient(const Affine& x, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), Affine{.scale = x.scale}, {b.gradient(op.out[0])});
}

}  // namespace cornu::inline v0::ops
