#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ELUOptions {
  double alpha = 1;       ///< y = alpha · (eˣ − 1) where x is below 0; > 0
  std::string name = {};  ///< name in the model; empty: made from the class, "elu", "elu_1"
  bool trainable = true;  ///< has no effect: the layer has no weights

  static void visit_fields(auto& self, auto& v) {
    v("alpha", self.alpha);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// y = x > 0 ? x : alpha · (eˣ − 1) (Clevert et al. 2015). Any shape. Error unless alpha > 0.
class CORNU_API ELU final : public Layer {
 public:
  static constexpr std::string_view kType = "ELU";
  using Options = ELUOptions;
  explicit ELU(ELUOptions options = {});
  /// The first option by position.
  template <class = void>
  explicit ELU(double alpha) : ELU(ELUOptions{.alpha = alpha}) {}
};

}  // namespace cornu::inline v0
