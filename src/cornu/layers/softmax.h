#pragma once

#include <concepts>
#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct SoftmaxOptions {
  int64_t axis = -1;      ///< axis along which outputs sum to 1, other than the batch's 0
  std::string name = {};  ///< name in the model; empty: made from the class, "softmax", "softmax_1"
  bool trainable = true;  ///< has no effect: the layer has no weights

  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Probabilities of classes from logits: y = eˣ / Σ eˣ along an axis. Shapes: x (None, …) -> y the
/// same. Error for the batch axis, and for one that x has not.
class CORNU_API Softmax final : public Layer {
 public:
  static constexpr std::string_view kType = "Softmax";
  using Options = SoftmaxOptions;
  explicit Softmax(SoftmaxOptions options = {});
  /// The first option by position.
  template <std::integral Integer>
  explicit Softmax(Integer axis) : Softmax(SoftmaxOptions{.axis = static_cast<int64_t>(axis)}) {}
};

}  // namespace cornu::inline v0
