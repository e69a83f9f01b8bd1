#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct SoftmaxOptions {
  int64_t axis = -1;  ///< the last
  std::string name = {};
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// y = eˣ / Σ eˣ along the last axis. Shapes: x (None, …, classes) -> y the same.
/// Error for another axis than the last.
class CORNU_API Softmax final : public Layer {
 public:
  static constexpr std::string_view kType = "Softmax";
  using Options = SoftmaxOptions;
  explicit Softmax(SoftmaxOptions options = {});
};

}  // namespace cornu::inline v0
