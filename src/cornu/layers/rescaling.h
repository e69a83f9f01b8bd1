#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct RescalingOptions {
  double scale = 1;
  double offset = 0;
  std::string name = {};
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("scale", self.scale);
    v("offset", self.offset);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// y = x · scale + offset, any shape; in training and prediction alike.
class CORNU_API Rescaling final : public Layer {
 public:
  static constexpr std::string_view kType = "Rescaling";
  using Options = RescalingOptions;
  explicit Rescaling(RescalingOptions options = {});
};

}  // namespace cornu::inline v0
