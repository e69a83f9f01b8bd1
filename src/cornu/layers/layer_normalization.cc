#include "cornu/layers/layer_normalization.h"

#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class LayerNormalizationDescription final : public LayerWith<LayerNormalizationOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return LayerNormalization::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    const Shape& shape = x[0];
    if (shape.ndim() >= 2 && (options.axis == -1 || options.axis == shape.ndim() - 1)) return;
    throw Error({.where = where,
                 .expected = "the last axis: axis -1",
                 .found = "axis " + std::to_string(options.axis) + " of " + shape.str()});
  }

  std::vector<WeightSpec> weights(const Shapes& x) const override {
    const Shape features = {x[0].back()};
    std::vector<WeightSpec> specs;
    if (options.scale) {
      specs.push_back({"gamma", features, options.gamma_initializer, options.gamma_regularizer});
    }
    if (options.center) {
      specs.push_back({"beta", features, options.beta_initializer, options.beta_regularizer});
    }
    return specs;
  }

  Slots lower(Builder& b, Slots x, Mode) const override {
    const SlotId gamma = options.scale ? b.weight("gamma") : kNone;
    const SlotId beta = options.center ? b.weight("beta") : kNone;
    return {b.emit(ops::LineNorm{options.epsilon}, {x[0], gamma, beta})[0]};
  }
};

LayerNormalizationOptions checked(LayerNormalizationOptions options) {
  require<LayerNormalization>(options.epsilon > 0, options, "epsilon", "epsilon above 0",
                              shortest(options.epsilon));
  return options;
}

}  // namespace

LayerNormalization::LayerNormalization(LayerNormalizationOptions options)
    : Layer(std::make_shared<LayerNormalizationDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
