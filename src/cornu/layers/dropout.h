#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct DropoutOptions {
  float rate = 0.5F;      ///< fraction of the elements that are dropped, 0 ≤ rate < 1
  int64_t seed = -1;      ///< random seed, ≥ 0; -1: the model's seed alone decides
  std::string name = {};  ///< name in the model; empty: made from the class, "dropout", "dropout_1"
  bool trainable = true;  ///< has no effect: the layer has no weights

  static void visit_fields(auto& self, auto& v) {
    v("rate", self.rate);
    v("seed", self.seed);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Drops elements in training (Srivastava et al. 2014): each with probability `rate`, and the kept
/// ones are multiplied by 1 / (1 − rate); otherwise y = x. Any shape. The mask depends on (the
/// model's seed, seed, layer, epoch, sample, element) alone. Error for a rate outside [0, 1).
class CORNU_API Dropout final : public Layer {
 public:
  static constexpr std::string_view kType = "Dropout";
  using Options = DropoutOptions;
  explicit Dropout(DropoutOptions options);
  /// The first option by position.
  template <class = void>
  explicit Dropout(double rate) : Dropout(DropoutOptions{.rate = static_cast<float>(rate)}) {}
};

}  // namespace cornu::inline v0
