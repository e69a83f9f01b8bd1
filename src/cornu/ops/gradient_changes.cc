#include "cornu/ops/gradient_changes.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs changed(const Builder& b, const Slots& in, size_t count) {
  if (in.empty()) return {};
  return Outputs(count, {b.slot(in[0]).shape, b.real()});
}

Outputs outputs(const SquaredNorm&, const Builder&, const Slots&) {
  return {{Shape{1}, DType::float64}};
}

Outputs outputs(const ClipFactor&, const Builder& b, const Slots&) {
  return {{Shape{1}, b.real()}};
}

}  // namespace cornu::inline v0::ops
