#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct LeakyReLUOptions {
  double negative_slope = 0.3;
  std::string name = {};
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("negative_slope", self.negative_slope);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// y = x > 0 ? x : negative_slope · x (Maas et al. 2013). Any shape. Error for a negative slope.
class CORNU_API LeakyReLU final : public Layer {
 public:
  static constexpr std::string_view kType = "LeakyReLU";
  using Options = LeakyReLUOptions;
  explicit LeakyReLU(LeakyReLUOptions options = {});
};

}  // namespace cornu::inline v0
