#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// −log(y_pred[y_true]) for integer targets: y_true (None,), y_pred (None, classes). Where y_pred
/// is a softmax the loss is computed from its logits, as Keras does; bare probabilities are
/// clipped to [1e-7, 1 − 1e-7] and then divided by their sum.
class CORNU_API SparseCategoricalCrossentropy final : public Loss {
 public:
  SparseCategoricalCrossentropy();
};

}  // namespace cornu::inline v0
