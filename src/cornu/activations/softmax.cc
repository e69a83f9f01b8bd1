#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0::activations {

/// eˣ / Σ eˣ along the last axis (Bridle 1990).
SlotId softmax(Builder& b, SlotId x) {
  return b.emit_one(ops::Softmax{}, {x});
}

}  // namespace cornu::inline v0::activations
