#include "cornu/ops/dropout.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Dropout&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

void gradient(const Dropout& x, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), x, {b.gradient(op.out[0])});
}

Outputs outputs(const SpatialDropout&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

void gradient(const SpatialDropout& x, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), x, {b.gradient(op.out[0])});
}

}  // namespace cornu::inline v0::ops
