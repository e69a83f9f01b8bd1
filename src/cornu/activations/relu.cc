#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// x where x > 0, else 0 (Fukushima 1969).
SlotId relu(Builder& b, SlotId x) {
  return pointwise(b, Function::relu, x);
}

}  // namespace cornu::inline v0::activations
