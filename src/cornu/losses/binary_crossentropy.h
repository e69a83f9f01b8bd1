#pragma once

#include <concepts>

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

struct BinaryCrossentropyOptions {
  bool from_logits = false;    ///< whether outputs are logits, before a sigmoid
  double label_smoothing = 0;  ///< moves targets toward 1/2 by this share, 0 to 1

  static void visit_fields(auto& self, auto& v) {
    v("from_logits", self.from_logits);
    v("label_smoothing", self.label_smoothing);
  }
};

/// Cross-entropy of yes or no: mean_j −y_true·log y_pred − (1 − y_true)·log(1 − y_pred) along the
/// last axis. With `from_logits` y_pred is the input of a sigmoid; if y_pred is the output of a
/// sigmoid, the loss is computed from its input, as Keras does; other probabilities are clipped to
/// [1e-7, 1 − 1e-7], and one outside has no gradient. `label_smoothing` s moves targets to t·(1 −
/// s) + s/2. Shapes: (None, …, n) both; (None,) targets go with (None, 1), else an Error, as for a
/// label_smoothing outside [0, 1]. Its other names: "bce", "BCE".
class CORNU_API BinaryCrossentropy final : public Loss {
 public:
  static constexpr std::string_view kName = "binary_crossentropy";
  using Options = BinaryCrossentropyOptions;
  explicit BinaryCrossentropy(BinaryCrossentropyOptions options = {});
  /// The first option, or the first two, by position.
  template <std::same_as<bool> Bool>
  explicit BinaryCrossentropy(Bool from_logits, double label_smoothing = 0)
      : BinaryCrossentropy(BinaryCrossentropyOptions{.from_logits = from_logits,
                                                     .label_smoothing = label_smoothing}) {}
};

}  // namespace cornu::inline v0
