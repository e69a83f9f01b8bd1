#pragma once

#include <string>
#include <utility>

#include "cornu/activations/activation.h"
#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ActivationLayerOptions {
  /// Function that is applied.
  Activation activation = "linear";
  /// Name in the model; empty: made from the class, "activation", "activation_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("activation", self.activation);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Applies an activation, as Keras's layer `Activation`: y = activation(x). Any shape.
class CORNU_API ActivationLayer final : public Layer {
 public:
  static constexpr std::string_view kType = "Activation";
  using Options = ActivationLayerOptions;
  explicit ActivationLayer(ActivationLayerOptions options);
  /// The first option by position. An Activation in a list of layers becomes such a layer; write
  /// ActivationLayer to give it a name.
  template <class = void>
  explicit ActivationLayer(Activation activation)
      : ActivationLayer(ActivationLayerOptions{.activation = std::move(activation)}) {}
};

}  // namespace cornu::inline v0
