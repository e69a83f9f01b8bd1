#pragma once

#include <concepts>

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

struct SparseCategoricalCrossentropyOptions {
  bool from_logits = false;  ///< whether outputs are logits, before a softmax

  static void visit_fields(auto& self, auto& v) { v("from_logits", self.from_logits); }
};

/// Cross-entropy of labels: −log(y_pred[y_true]). With `from_logits` y_pred is the input of a
/// softmax; if y_pred is the output of a softmax, the loss is computed from its input, as Keras
/// does; other probabilities are clipped to [1e-7, 1 − 1e-7] and then divided by their sum. Shapes:
/// y_pred (None, …, classes), y_true of any type, (None, …) or (None, …, 1), else an Error; one for
/// a label that is no whole number or no class, too.
class CORNU_API SparseCategoricalCrossentropy final : public Loss {
 public:
  static constexpr std::string_view kName = "sparse_categorical_crossentropy";
  using Options = SparseCategoricalCrossentropyOptions;
  explicit SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});
  /// The first option by position.
  template <std::same_as<bool> Bool>
  explicit SparseCategoricalCrossentropy(Bool from_logits)
      : SparseCategoricalCrossentropy(
            SparseCategoricalCrossentropyOptions{.from_logits = from_logits}) {}
};

}  // namespace cornu::inline v0
