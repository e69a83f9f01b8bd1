#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ReshapeOptions {
  /// Shape of one sample; one extent may be −1, which is then computed.
  std::vector<int64_t> target_shape = {};
  /// Name in the model; empty: made from the class, "reshape", "reshape_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("target_shape", self.target_shape);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Gives each sample another shape of the same size; an extent of −1 is computed from the others.
/// Shapes: x (None, …) -> y (None, target_shape…). Error when the sizes differ.
class CORNU_API Reshape final : public Layer {
 public:
  static constexpr std::string_view kType = "Reshape";
  using Options = ReshapeOptions;
  explicit Reshape(ReshapeOptions options);
  template <class = void>  // so that options in braces are never taken for a shape
  explicit Reshape(std::vector<int64_t> target_shape)
      : Reshape(ReshapeOptions{.target_shape = std::move(target_shape)}) {}
};

}  // namespace cornu::inline v0
