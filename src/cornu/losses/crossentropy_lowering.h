#pragma once

#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

struct CrossentropyForm {
  bool clip_first = false;   ///< bare probabilities are clipped before they are normalized
  bool from_logits = false;  ///< y_pred is the input of a softmax
};

/// Cross-entropy of one-hot rows and y_pred, computed from the logits if y_pred is a softmax's
/// output.
SlotId lower_crossentropy(Builder& b, SlotId one_hot, SlotId y_pred, CrossentropyForm form);

}  // namespace cornu::inline v0
