#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// −Σ_j y_true·log(y_pred) for one-hot targets: (None, classes) both. Where y_pred is a softmax
/// the loss is computed from its logits, as Keras does; bare probabilities are divided by their
/// sum and clipped to [1e-7, 1 − 1e-7].
class CORNU_API CategoricalCrossentropy final : public Loss {
 public:
  CategoricalCrossentropy();
};

}  // namespace cornu::inline v0
