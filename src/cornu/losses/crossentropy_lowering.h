#pragma once

#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

/// Cross-entropy of one-hot rows and y_pred, through the logits where y_pred is a softmax.
SlotId lower_crossentropy(Builder& b, SlotId one_hot, SlotId y_pred, bool clip_first);

}  // namespace cornu::inline v0
