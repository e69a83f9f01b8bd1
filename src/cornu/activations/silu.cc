#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// x · sigmoid(x) (Elfwing et al. 2017).
SlotId silu(Builder& b, SlotId x) {
  return pointwise(b, Function::silu, x);
}

}  // namespace cornu::inline v0::activations
