#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// 1.0507…·x where x > 0, else 1.0507…·1.6732…·(eˣ − 1), which keeps mean 0 and variance 1 from
/// layer to layer (Klambauer et al. 2017).
SlotId selu(Builder& b, SlotId x) {
  return pointwise(b, {Function::elu, 1.6732632423543772, 1.0507009873554805}, x);
}

}  // namespace cornu::inline v0::activations
