#pragma once

#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

struct CrossentropyForm {
  bool clip_first = false;   ///< bare probabilities are clipped before they are normalized
  bool from_logits = false;  ///< y_pred is what a softmax would get
};

/// Cross-entropy of one-hot rows and y_pred, through the logits where y_pred is a softmax.
SlotId lower_crossentropy(Builder& b, SlotId one_hot, SlotId y_pred, CrossentropyForm form);

}  // namespace cornu::inline v0
