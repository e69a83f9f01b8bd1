#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct GaussianDropoutOptions {
  /// The standard deviation is √(rate / (1 − rate)), 0 ≤ rate < 1; Keras has no default.
  double rate = 0;
  /// Random seed, ≥ 0; -1: the model's seed alone decides.
  int64_t seed = -1;
  /// Name in the model; empty: made from the class, "gaussian_dropout", "gaussian_dropout_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("rate", self.rate);
    v("seed", self.seed);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Multiplies by noise in training (Srivastava et al. 2014): y = x·n, n normal with mean 1 and
/// standard deviation √(rate / (1 − rate)), drawn anew for each sample and epoch; else y = x. Any
/// shape. Error for a rate outside [0, 1).
class CORNU_API GaussianDropout final : public Layer {
 public:
  static constexpr std::string_view kType = "GaussianDropout";
  using Options = GaussianDropoutOptions;
  explicit GaussianDropout(GaussianDropoutOptions options = {});
  /// The first option by position.
  template <class = void>
  explicit GaussianDropout(double rate) : GaussianDropout(GaussianDropoutOptions{.rate = rate}) {}
};

}  // namespace cornu::inline v0
