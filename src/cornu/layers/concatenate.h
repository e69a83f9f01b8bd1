#pragma once

#include <concepts>
#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ConcatenateOptions {
  /// Axis along which inputs are joined, the batch axis being 0; -1: the last.
  int64_t axis = -1;
  /// Name in the model; empty: made from the class, "concatenate", "concatenate_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Joins its inputs along an axis, the last by default; axis 0, the batch's, is refused.
/// Shapes: the same except along the axis, whose extents are added up.
class CORNU_API Concatenate final : public Layer {
 public:
  static constexpr std::string_view kType = "Concatenate";
  using Options = ConcatenateOptions;
  explicit Concatenate(ConcatenateOptions options = {});
  /// The first option by position.
  template <std::integral Integer>
  explicit Concatenate(Integer axis)
      : Concatenate(ConcatenateOptions{.axis = static_cast<int64_t>(axis)}) {}
};

}  // namespace cornu::inline v0
