#pragma once

#include <optional>
#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ReLUOptions {
  std::optional<double> max_value = {};  ///< none: no bound
  double negative_slope = 0;
  double threshold = 0;
  std::string name = {};
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("max_value", self.max_value);
    v("negative_slope", self.negative_slope);
    v("threshold", self.threshold);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// y = max_value where x ≥ max_value, x where threshold < x, else negative_slope · (x − threshold).
/// Any shape. Error unless negative_slope ≥ 0, threshold ≥ 0 and max_value > threshold.
class CORNU_API ReLU final : public Layer {
 public:
  static constexpr std::string_view kType = "ReLU";
  using Options = ReLUOptions;
  explicit ReLU(ReLUOptions options = {});
};

}  // namespace cornu::inline v0
