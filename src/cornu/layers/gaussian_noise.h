#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct GaussianNoiseOptions {
  double stddev = 0;  ///< Keras has no default
  std::string name = {};
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("stddev", self.stddev);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// In training y = x + stddev·z, z standard normal, drawn anew for each sample and epoch; else y =
/// x. Any shape. Error for a stddev that is negative or not finite.
class CORNU_API GaussianNoise final : public Layer {
 public:
  static constexpr std::string_view kType = "GaussianNoise";
  using Options = GaussianNoiseOptions;
  explicit GaussianNoise(GaussianNoiseOptions options = {});
};

}  // namespace cornu::inline v0
