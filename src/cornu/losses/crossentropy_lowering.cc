#include "cornu/losses/crossentropy_lowering.h"

namespace cornu::inline v0 {

SlotId lower_crossentropy(Builder& b, SlotId one_hot, SlotId y_pred, bool clip_first) {
  const Op* from = b.producer(y_pred);
  if (from != nullptr && std::holds_alternative<ops::Softmax>(from->what)) {
    return b.emit_one(ops::SoftmaxCrossentropy{}, {from->in[0], y_pred, one_hot});
  }
  return b.emit_one(ops::Crossentropy{clip_first}, {y_pred, one_hot});
}

}  // namespace cornu::inline v0
