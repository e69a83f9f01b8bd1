#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct FlattenOptions {
  std::string name = {};  ///< name in the model; empty: made from the class, "flatten", "flatten_1"
  bool trainable = true;  ///< has no effect: the layer has no weights

  static void visit_fields(auto& self, auto& v) {
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Every sample as one row, in row-major order: (None, 28, 28) -> (None, 784). Costs nothing.
class CORNU_API Flatten final : public Layer {
 public:
  static constexpr std::string_view kType = "Flatten";
  using Options = FlattenOptions;
  explicit Flatten(FlattenOptions options = {});
};

}  // namespace cornu::inline v0
