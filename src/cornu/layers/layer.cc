#include "cornu/layers/layer.h"

#include <utility>

#include "cornu/core/rng.h"

namespace cornu::inline v0 {

struct Layer::State {
  std::shared_ptr<const LayerDescription> description;
  std::string name;
  bool named = false;
  bool built = false;
  std::vector<Weight> weights;
};

Layer::Layer(std::shared_ptr<const LayerDescription> description)
    : state_(std::make_shared<State>()) {
  state_->name = description->name();
  state_->description = std::move(description);
}

const LayerDescription& Layer::description() const {
  return *state_->description;
}
const std::string& Layer::name() const {
  return state_->name;
}

std::string Layer::where() const {
  return std::string(type()) + (name().empty() ? "" : " \"" + name() + "\"");
}

void Layer::set_name(std::string name) {
  state_->name = std::move(name);
  state_->named = true;
}

bool Layer::named() const {
  return state_->named;
}
bool Layer::built() const {
  return state_->built;
}
std::vector<Weight>& Layer::weights() {
  return state_->weights;
}
const std::vector<Weight>& Layer::weights() const {
  return state_->weights;
}

void Layer::build(const Shapes& x, uint64_t seed) {
  const std::vector<WeightSpec> specs = description().weights(x);
  if (state_->built) {
    for (size_t i = 0; i < specs.size(); ++i) {
      if (!(state_->weights[i].value.shape() == specs[i].shape)) {
        throw Error({.where = where(),
                     .what = "is built already, and shared layers keep their weights",
                     .expected = "an input that fits " + specs[i].name + " of shape " +
                                 state_->weights[i].value.shape().str(),
                     .found = "one that needs shape " + specs[i].shape.str()});
      }
    }
    return;
  }
  for (const WeightSpec& spec : specs) {
    const uint64_t key = mix(seed, name_hash(name() + "/" + spec.name));
    state_->weights.push_back({.name = spec.name,
                               .value = spec.initializer.make(spec.shape, key),
                               .trainable = spec.trainable && trainable()});
  }
  state_->built = true;
}

int64_t Layer::num_weights() const {
  int64_t count = 0;
  for (const Weight& weight : weights()) count += weight.value.size();
  return count;
}

}  // namespace cornu::inline v0
