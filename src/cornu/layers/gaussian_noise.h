#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct GaussianNoiseOptions {
  /// Standard deviation of the noise, ≥ 0; Keras has no default.
  double stddev = 0;
  /// Random seed, ≥ 0; -1: the model's seed alone decides.
  int64_t seed = -1;
  /// Name in the model; empty: made from the class, "gaussian_noise", "gaussian_noise_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("stddev", self.stddev);
    v("seed", self.seed);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Adds noise in training: y = x + stddev·z, z standard normal, drawn anew for each sample and
/// epoch; else y = x. Any shape. Error for a stddev that is negative or not finite.
class CORNU_API GaussianNoise final : public Layer {
 public:
  static constexpr std::string_view kType = "GaussianNoise";
  using Options = GaussianNoiseOptions;
  explicit GaussianNoise(GaussianNoiseOptions options = {});
  /// The first option by position.
  template <class = void>
  explicit GaussianNoise(double stddev) : GaussianNoise(GaussianNoiseOptions{.stddev = stddev}) {}
};

}  // namespace cornu::inline v0
