#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ConcatenateOptions {
  int64_t axis = -1;
  std::string name = {};
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Its inputs side by side along an axis, the last by default; 0 is the batch's and refused.
/// Shapes: all the same but along the axis, whose extents are added.
class CORNU_API Concatenate final : public Layer {
 public:
  static constexpr std::string_view kType = "Concatenate";
  using Options = ConcatenateOptions;
  explicit Concatenate(ConcatenateOptions options = {});
};

}  // namespace cornu::inline v0
