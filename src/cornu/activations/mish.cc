#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// x · tanh(softplus(x)) (Misra 2019).
SlotId mish(Builder& b, SlotId x) {
  const SlotId tanh = pointwise(b, Function::tanh, pointwise(b, Function::softplus, x));
  return b.emit_one(ops::Combine{ops::Combination::multiply}, {x, tanh});
}

}  // namespace cornu::inline v0::activations
