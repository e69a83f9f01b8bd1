#include "cornu/losses/crossentropy_lowering.h"

namespace cornu::inline v0 {

SlotId lower_crossentropy(Builder& b, SlotId one_hot, SlotId y_pred, CrossentropyForm form) {
  const Op* from = b.producer(y_pred);
  // A softmax whose output was reshaped afterwards has other rows.
  if (from != nullptr && std::holds_alternative<ops::Softmax>(from->what) &&
      from->out[0] == y_pred) {
    return b.emit_one(ops::SoftmaxCrossentropy{}, {from->in[0], y_pred, one_hot});
  }
  if (form.from_logits) {
    const SlotId probabilities = b.emit_one(ops::Softmax{}, {y_pred});
    return b.emit_one(ops::SoftmaxCrossentropy{}, {y_pred, probabilities, one_hot});
  }
  return b.emit_one(ops::Crossentropy{form.clip_first}, {y_pred, one_hot});
}

}  // namespace cornu::inline v0
