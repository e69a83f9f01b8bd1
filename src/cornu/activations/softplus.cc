#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// log(1 + eˣ) (Dugas et al. 2001).
SlotId softplus(Builder& b, SlotId x) {
  return pointwise(b, Function::softplus, x);
}

}  // namespace cornu::inline v0::activations
