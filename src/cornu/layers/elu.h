#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ELUOptions {
  double alpha = 1;
  std::string name = {};
  bool trainable = true;

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
};

}  // namespace cornu::inline v0
