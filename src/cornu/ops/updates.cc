#include "cornu/ops/updates.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const SgdUpdate& x, const Builder& b, const Slots& in) {
  return Outputs(x.momentum == 0 ? 1 : 2, {b.slot(in[0]).shape, b.real()});
}

Outputs outputs(const AdamUpdate&, const Builder& b, const Slots& in) {
  return Outputs(3, {b.slot(in[0]).shape, b.real()});
}

Outputs outputs(const AdamStep&, const Builder& b, const Slots&) {
  return {{Shape{1}, b.real()}};
}

}  // namespace cornu::inline v0::ops
