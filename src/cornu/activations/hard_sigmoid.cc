#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// x/6 + 1/2, clipped to [0, 1].
SlotId hard_sigmoid(Builder& b, SlotId x) {
  const SlotId line = b.emit_one(ops::Affine{.scale = 1.0 / 6, .offset = 0.5}, {x});
  return pointwise(b, {Function::rectifier, 0, 0, 1}, line);
}

}  // namespace cornu::inline v0::activations
