#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ELUOptions {
  double alpha = 1;       ///< magnitude of the lowest output, > 0
  std::string name = {};  ///< name in the model; empty: made from the class, "elu", "elu_1"
  bool trainable = true;  ///< has no effect: the layer has no weights

  static void visit_fields(auto& self, auto& v) {
    v("alpha", self.alpha);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Exponential linear unit (Clevert et al. 2015): y = x where x > 0, else alpha · (eˣ − 1). Any
/// shape. Error unless alpha > 0.
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
