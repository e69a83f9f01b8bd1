#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// x / (1 + |x|) (Bergstra et al. 2009).
SlotId softsign(Builder& b, SlotId x) {
  return pointwise(b, Function::softsign, x);
}

}  // namespace cornu::inline v0::activations
