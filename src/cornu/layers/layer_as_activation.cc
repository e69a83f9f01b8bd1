#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/layers/activation_layer.h"
#include "cornu/layers/elu.h"
#include "cornu/layers/leaky_relu.h"
#include "cornu/layers/prelu.h"
#include "cornu/layers/relu.h"
#include "cornu/layers/softmax.h"
#include "cornu/layers/table.h"

namespace cornu::inline v0 {
namespace {

constexpr std::string_view kAsActivations[] = {ReLU::kType, LeakyReLU::kType, ELU::kType,
                                               Softmax::kType};

class LayerAsActivation final : public ActivationDescription {
 public:
  explicit LayerAsActivation(Layer layer) : layer_(std::move(layer)) {}
  std::string_view name() const override { return layer_.type(); }
  // It has neither a name nor weights in the network.
  std::optional<Value::Map> options() const override {
    Value::Map options = layer_.description().config();
    std::erase_if(options, [](const auto& each) {
      return each.first == "name" || each.first == "trainable";
    });
    return options;
  }
  SlotId lower(Builder& b, SlotId x) const override {
    const LayerDescription& layer = layer_.description();
    layer.check_inputs({b.slot(x).shape}, "activation " + std::string(name()));
    return layer.lower(b, {x}, Mode::predict)[0];
  }

 private:
  Layer layer_;
};

void require_activation(std::string_view type) {
  const auto is = [type](std::string_view each) { return same_name(each, type); };
  if (std::ranges::any_of(kAsActivations, is) || is(ActivationLayer::kType)) return;
  const bool has_weights = is(PReLU::kType);
  throw Error({.where = "activation",
               .what = has_weights ? "a PReLU has weights, which an activation cannot have" : "",
               .expected = "a name, or a ReLU, LeakyReLU, ELU or Softmax",
               .found = std::string(type),
               .hint = has_weights ? "let a PReLU follow the layer"
                                   : "let the layer follow the one whose activation it would be"});
}

}  // namespace

std::span<const std::string_view> layers_as_activations() {
  return kAsActivations;
}

Activation activation_of_layer(std::string_view type, const Value::Map& config) {
  require_activation(type);
  return make_layer(type, config);
}

Layer::operator Activation() const {
  require_activation(type());
  if (type() == ActivationLayer::kType) {
    Activation inner;
    const Value config(description().config());
    from_value(config["activation"], inner);
    return inner;
  }
  return Activation(std::make_shared<LayerAsActivation>(clone()));
}

}  // namespace cornu::inline v0
