#include <limits>

#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// x where x > 0, else 0.2·x, Keras's slope (Maas et al. 2013).
SlotId leaky_relu(Builder& b, SlotId x) {
  return pointwise(b, {Function::rectifier, 0.2, 0, std::numeric_limits<double>::infinity()}, x);
}

}  // namespace cornu::inline v0::activations
