#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// 1 / (1 + e⁻ˣ).
SlotId sigmoid(Builder& b, SlotId x) {
  return pointwise(b, Function::sigmoid, x);
}

}  // namespace cornu::inline v0::activations
