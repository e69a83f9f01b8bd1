#include "cornu/layers/layer.h"

#include <atomic>
#include <cstring>
#include <utility>

#include "cornu/core/finite.h"
#include "cornu/core/rng.h"
#include "cornu/layers/weights_from_file.h"

namespace cornu::inline v0 {

struct Layer::State {
  std::shared_ptr<const LayerDescription> description;
  std::string name;
  bool named = false;
  bool built = false;
  bool trainable = true;
  std::vector<Weight> weights;
  // Weak, since a call holds its layer. Expired ones are removed once there are `most`.
  std::vector<std::weak_ptr<const LayerCall>> calls = {};
  size_t most = 8;
};

std::string text(const Shapes& shapes) {
  std::string all;
  for (const Shape& each : shapes) all += (all.empty() ? "" : ", ") + each.str();
  return all;
}

const Shape& SymbolicTensor::shape() const {
  return call_->out[index_];
}

Shapes LayerDescription::output_shapes(const Shapes& x, const std::string& where) const {
  check_inputs(x, where);
  Builder scratch;  // its slots have shapes, but no memory
  const std::string path = where.empty() ? "" : where + "/";
  for (const WeightSpec& each : weights(x)) {
    scratch.declare_weight(path + each.name, each.shape, each.trainable);
  }
  Slots in;
  for (const Shape& each : x) in.push_back(scratch.input("x", each, DType::float32));
  const auto scope = scratch.scope(where);
  Shapes made;
  for (const SlotId each : lower(scratch, std::move(in), Mode::predict)) {
    made.push_back(scratch.slot(each).shape);
  }
  return made;
}

std::vector<Layer> LayerDescription::layers() const {
  return {};
}

void set_values(Weight& weight, const std::string& where, TensorView values) {
  Tensor& now = weight.value;
  if (!(values.shape() == now.shape()) || values.dtype() != DType::float32) {
    throw Error({.where = where,
                 .expected = "float32 values of shape " + now.shape().str(),
                 .found = std::string(name(values.dtype())) + " of shape " + values.shape().str()});
  }
  const auto numbers = values.span<float>();
  const size_t bad = first_not_finite(numbers);
  if (bad < numbers.size()) {
    throw Error({.where = where,
                 .expected = "finite numbers",
                 .found = shortest(numbers[bad]) + " at element " + std::to_string(bad)});
  }
  if (now.nbytes() > 0) std::memcpy(now.data(), values.data(), now.nbytes());
}

Layer::Layer(std::shared_ptr<const LayerDescription> description)
    : state_(std::make_shared<State>()) {
  state_->name = description->name();
  state_->trainable = description->trainable();
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
  description().build_inside(x, seed);
  for (const WeightSpec& spec : specs) {
    const uint64_t key = mix(seed, name_hash(name() + "/" + spec.name));
    std::optional<Tensor> unset = WeightsFromFile::unset(spec.shape, where() + ": " + spec.name);
    state_->weights.push_back(
        {.name = spec.name,
         .value = unset ? std::move(*unset) : spec.initializer.make(spec.shape, key),
         .regularizer = spec.regularizer,
         .trainable = spec.trainable});
  }
  state_->built = true;
}

int64_t Layer::num_weights() const {
  int64_t count = 0;
  for (const Weight& weight : weights()) count += weight.value.size();
  for (const Layer& inside : description().layers()) count += inside.num_weights();
  return count;
}

bool Layer::trainable() const {
  return state_->trainable;
}

void Layer::set_trainable(bool trainable) {
  state_->trainable = trainable;
  for (Layer& inside : description().layers()) inside.set_trainable(trainable);
}

Layer Layer::clone() const {
  LayerClones made;
  return made.of(*this);
}

std::optional<Layer> LayerDescription::clone(LayerClones&) const {
  return std::nullopt;
}

Layer LayerClones::of(const Layer& layer) {
  if (const auto found = made_.find(layer.id()); found != made_.end()) return found->second;
  const std::optional<Layer> made = layer.description().clone(*this);
  Layer copy = made ? *made : Layer(layer.state_->description);
  copy.state_->name = layer.name();
  copy.state_->trainable = layer.trainable();
  made_.emplace(layer.id(), copy);
  return copy;
}

LayerCall::~LayerCall() {
  std::vector<SymbolicTensor> left = std::move(in);
  while (!left.empty()) {
    const std::shared_ptr<const LayerCall> call = std::move(left.back().call_);
    left.pop_back();
    if (call.use_count() > 1) continue;  // it has other owners
    // Layer::record made it as non-const, and this is its last owner.
    SymbolicTensors& before = const_cast<LayerCall&>(*call).in;
    left.insert(left.end(), before.begin(), before.end());
    before.clear();
  }
}

SymbolicTensors Layer::record(const SymbolicTensors& in, Shapes out) const {
  static std::atomic<uint64_t> order = 0;
  const auto call = std::make_shared<LayerCall>(LayerCall{*this, in, std::move(out), order++});
  std::vector<std::weak_ptr<const LayerCall>>& calls = state_->calls;
  if (calls.size() >= state_->most) {
    std::erase_if(calls, [](const auto& each) { return each.expired(); });
    state_->most = 2 * calls.size() + 8;
  }
  calls.push_back(call);
  SymbolicTensors y;
  for (size_t i = 0; i < call->out.size(); ++i) y.emplace_back(call, i);
  return y;
}

SymbolicTensors Layer::call(const SymbolicTensors& x) const {
  if (!description().takes(x.size())) {
    throw Error({.where = where(),
                 .what = "does not take this number of inputs",
                 .found = std::to_string(x.size()),
                 .hint = "layers that join tensors are Add, Multiply, Concatenate, …"});
  }
  Shapes shapes;
  for (const SymbolicTensor& each : x) shapes.push_back(each.shape());
  return record(x, description().output_shapes(shapes, where()));
}

SymbolicTensor Layer::operator()(const SymbolicTensors& x) const {
  SymbolicTensors y = call(x);
  if (y.size() != 1) {
    throw Error({.where = where(),
                 .expected = "a layer of one output",
                 .found = std::to_string(y.size()),
                 .hint = "its call({…}) gives them all"});
  }
  return y[0];
}

SymbolicTensor Layer::operator()(const SymbolicTensor& x) const {
  return (*this)(SymbolicTensors{x});
}

SymbolicTensors Layer::outputs() const {
  std::shared_ptr<const LayerCall> only;
  int count = 0;
  for (const auto& each : state_->calls) {
    if (auto call = each.lock()) {
      only = std::move(call);
      ++count;
    }
  }
  if (count != 1) {
    throw Error({.where = where(),
                 .expected = "a layer that was called once",
                 .found = std::to_string(count) + " calls",
                 .hint = "keep the tensor that the call returned"});
  }
  SymbolicTensors y;
  for (size_t i = 0; i < only->out.size(); ++i) y.emplace_back(only, i);
  return y;
}

const SymbolicTensors& Layer::inputs() const {
  return outputs()[0].call().in;
}

namespace {

SymbolicTensor only(const SymbolicTensors& tensors, const std::string& where) {
  if (tensors.size() == 1) return tensors[0];
  throw Error({.where = where, .expected = "one tensor", .found = std::to_string(tensors.size())});
}

}  // namespace

SymbolicTensor Layer::input() const {
  return only(inputs(), where());
}

SymbolicTensor Layer::output() const {
  return only(outputs(), where());
}

}  // namespace cornu::inline v0
