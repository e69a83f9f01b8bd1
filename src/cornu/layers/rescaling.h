#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct RescalingOptions {
  /// Factor of x; finite.
  double scale = 1;
  /// Added to the product; finite.
  double offset = 0;
  /// Name in the model; empty: made from the class, "rescaling", "rescaling_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("scale", self.scale);
    v("offset", self.offset);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Scales and shifts: y = x · scale + offset, in training and prediction alike. Any shape.
class CORNU_API Rescaling final : public Layer {
 public:
  static constexpr std::string_view kType = "Rescaling";
  using Options = RescalingOptions;
  explicit Rescaling(RescalingOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit Rescaling(double scale, double offset = 0)
      : Rescaling(RescalingOptions{.scale = scale, .offset = offset}) {}
};

}  // namespace cornu::inline v0
