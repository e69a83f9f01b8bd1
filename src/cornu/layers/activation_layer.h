#pragma once

#include <string>

#include "cornu/activations/activation.h"
#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ActivationLayerOptions {
  Activation activation = "linear";
  std::string name = {};
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("activation", self.activation);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Keras's `Activation` layer: y = activation(x), any shape. An Activation in a list of layers
/// becomes one; this spelling is for giving it a name.
class CORNU_API ActivationLayer final : public Layer {
 public:
  static constexpr std::string_view kType = "Activation";
  using Options = ActivationLayerOptions;
  explicit ActivationLayer(ActivationLayerOptions options);
};

}  // namespace cornu::inline v0
