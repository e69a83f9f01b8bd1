#include "cornu/layers/activation_layer.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

class ActivationLayerDescription final : public LayerWith<ActivationLayerOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return ActivationLayer::kType; }
  Slots lower(Builder& b, Slots x, Mode) const override {
    return {options.activation.lower(b, x[0])};
  }
};

}  // namespace

ActivationLayer::ActivationLayer(ActivationLayerOptions options)
    : Layer(std::make_shared<ActivationLayerDescription>(std::move(options))) {}

Layer::Layer(const Activation& activation) : Layer(ActivationLayer({.activation = activation})) {}

}  // namespace cornu::inline v0
