#pragma once

#include <concepts>

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

struct CategoricalCrossentropyOptions {
  bool from_logits = false;    ///< whether outputs are logits, before a softmax
  double label_smoothing = 0;  ///< moves targets toward 1/classes by this share, 0 to 1

  static void visit_fields(auto& self, auto& v) {
    v("from_logits", self.from_logits);
    v("label_smoothing", self.label_smoothing);
  }
};

/// Cross-entropy of one-hot targets: −Σ_j y_true·log(y_pred) along the last axis. With
/// `from_logits` y_pred is the input of a softmax; if y_pred is the output of a softmax, the loss
/// is computed from its input, as Keras does; other probabilities are divided by their sum and
/// clipped to [1e-7, 1 − 1e-7]. `label_smoothing` s moves targets to t·(1 − s) + s/classes (Szegedy
/// et al. 2015). Shapes: (None, …, classes) both, else an Error, as for a label_smoothing outside
/// [0, 1].
class CORNU_API CategoricalCrossentropy final : public Loss {
 public:
  static constexpr std::string_view kName = "categorical_crossentropy";
  using Options = CategoricalCrossentropyOptions;
  explicit CategoricalCrossentropy(CategoricalCrossentropyOptions options = {});
  /// The first option, or the first two, by position.
  template <std::same_as<bool> Bool>
  explicit CategoricalCrossentropy(Bool from_logits, double label_smoothing = 0)
      : CategoricalCrossentropy(CategoricalCrossentropyOptions{
            .from_logits = from_logits, .label_smoothing = label_smoothing}) {}
};

}  // namespace cornu::inline v0
