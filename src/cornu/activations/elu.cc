#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// x where x > 0, else eˣ − 1 (Clevert et al. 2015).
SlotId elu(Builder& b, SlotId x) {
  return pointwise(b, {Function::elu, 1, 1}, x);
}

}  // namespace cornu::inline v0::activations
