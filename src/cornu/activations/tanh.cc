#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// tanh x.
SlotId tanh(Builder& b, SlotId x) {
  return pointwise(b, Function::tanh, x);
}

}  // namespace cornu::inline v0::activations
