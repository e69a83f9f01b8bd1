#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// x·(1 + erf(x/√2)) / 2 (Hendrycks and Gimpel 2016); not the approximation by tanh.
SlotId gelu(Builder& b, SlotId x) {
  return pointwise(b, Function::gelu, x);
}

}  // namespace cornu::inline v0::activations
