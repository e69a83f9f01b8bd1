#include "cornu/ops/gradient_changes.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const SquaredNorm&, const Builder&, const Slots&) {
  return {{Shape{1}, DType::float64}};
}

Outputs outputs(const ClipFactor&, const Builder& b, const Slots&) {
  return {{Shape{1}, b.real()}};
}

}  // namespace cornu::inline v0::ops
