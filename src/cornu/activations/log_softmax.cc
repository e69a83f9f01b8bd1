#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// log(eˣ / Σ eˣ) along the last axis.
SlotId log_softmax(Builder& b, SlotId x) {
  return b.emit_one(ops::LogSoftmax{}, {x});
}

}  // namespace cornu::inline v0::activations
