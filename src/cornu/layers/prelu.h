#pragma once

#include <string>
#include <vector>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct PReLUOptions {
  Initializer alpha_initializer = "zeros";
  Regularizer alpha_regularizer = {};
  std::vector<int64_t> shared_axes = {};  ///< counted from 1, the batch being 0
  std::string name = {};
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("alpha_initializer", self.alpha_initializer);
    v("alpha_regularizer", self.alpha_regularizer);
    v("shared_axes", self.shared_axes);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// y = x > 0 ? x : alpha·x, alpha a weight of each element (He et al. 2015), or one for all along
/// shared_axes. Weights: alpha, of a sample's shape with 1 along those. Any shape. Error for an
/// axis that is none.
class CORNU_API PReLU final : public Layer {
 public:
  static constexpr std::string_view kType = "PReLU";
  using Options = PReLUOptions;
  explicit PReLU(PReLUOptions options = {});
};

}  // namespace cornu::inline v0
