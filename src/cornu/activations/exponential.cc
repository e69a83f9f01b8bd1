#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// eˣ.
SlotId exponential(Builder& b, SlotId x) {
  return pointwise(b, Function::exponential, x);
}

}  // namespace cornu::inline v0::activations
