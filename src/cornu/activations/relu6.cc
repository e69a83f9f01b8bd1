#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// 0 below 0, 6 above 6, else x (Krizhevsky 2010).
SlotId relu6(Builder& b, SlotId x) {
  return pointwise(b, {Function::rectifier, 0, 0, 6}, x);
}

}  // namespace cornu::inline v0::activations
