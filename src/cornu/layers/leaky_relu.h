#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct LeakyReLUOptions {
  /// Slope below 0, ≥ 0.
  double negative_slope = 0.3;
  /// Name in the model; empty: made from the class, "leaky_re_lu", "leaky_re_lu_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("negative_slope", self.negative_slope);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Rectifier that leaks (Maas et al. 2013): y = x where x > 0, else negative_slope · x. Any shape.
/// Error for a negative slope.
class CORNU_API LeakyReLU final : public Layer {
 public:
  static constexpr std::string_view kType = "LeakyReLU";
  using Options = LeakyReLUOptions;
  explicit LeakyReLU(LeakyReLUOptions options = {});
  /// The first option by position.
  template <class = void>
  explicit LeakyReLU(double negative_slope)
      : LeakyReLU(LeakyReLUOptions{.negative_slope = negative_slope}) {}
};

}  // namespace cornu::inline v0
