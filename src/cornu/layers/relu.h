#pragma once

#include <optional>
#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ReLUOptions {
  /// Largest output, above the threshold; none: no bound.
  std::optional<double> max_value = {};
  /// Slope below the threshold, ≥ 0.
  double negative_slope = 0;
  /// Threshold above which inputs pass, ≥ 0.
  double threshold = 0;
  /// Name in the model; empty: made from the class, "re_lu", "re_lu_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("max_value", self.max_value);
    v("negative_slope", self.negative_slope);
    v("threshold", self.threshold);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Rectifier: y = max_value where x ≥ max_value, x where threshold < x, else negative_slope · (x −
/// threshold). Any shape. Error unless negative_slope ≥ 0, threshold ≥ 0 and max_value > threshold.
class CORNU_API ReLU final : public Layer {
 public:
  static constexpr std::string_view kType = "ReLU";
  using Options = ReLUOptions;
  explicit ReLU(ReLUOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit ReLU(std::optional<double> max_value, double negative_slope = 0)
      : ReLU(ReLUOptions{.max_value = max_value, .negative_slope = negative_slope}) {}
};

}  // namespace cornu::inline v0
