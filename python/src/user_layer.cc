#include "user_layer.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>

#include "arrays.h"
#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/core/rng.h"
#include "traced.h"
#include "values.h"

namespace cornu::python {

/// A call of _cornu_call that is under way on this thread.
struct UserLayer::Call {
  Call(const UserLayer& of, Builder& b, Mode in, bool for_shapes)
      : layer(of), builder(b), mode(in), only_shapes(for_shapes), outer(now()) {
    now() = this;
  }
  ~Call() { now() = outer; }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  static Call*& now() {
    static thread_local Call* innermost = nullptr;
    return innermost;
  }

  const UserLayer& layer;
  Builder& builder;
  const Mode mode;
  const bool only_shapes;
  Call* const outer;
  const Tracing tracing;
};

namespace {

/// An initializer that is a Python function of a shape.
class UserInitializer final : public InitializerDescription {
 public:
  explicit UserInitializer(nb::object function) : function_(hold(std::move(function))) {}
  std::string_view name() const override { return "function"; }
  void fill(std::span<float> values, const Shape& shape, uint64_t) const override {
    const nb::gil_scoped_acquire gil;
    const nb::object made = (*function_)(tuple_from(shape));
    const auto numbers = view_of(nb::cast<Array>(made)).span<float>();
    if (numbers.size() != values.size()) {
      throw Error({.where = "initializer",
                   .expected = "values of shape " + shape.str(),
                   .found = std::to_string(numbers.size()) + " values"});
    }
    std::ranges::copy(numbers, values.begin());
  }

 private:
  const Held function_;
};

Initializer initializer_from(nb::handle given) {
  if (PyCallable_Check(given.ptr()) == 1 && !nb::hasattr(given, "__cornu_value__")) {
    return Initializer(std::make_shared<UserInitializer>(nb::borrow(given)));
  }
  Initializer made = "glorot_uniform";
  from_value(value_from(given), made);
  return made;
}

nb::list expressions(Builder& b, const Slots& slots) {
  nb::list list;
  for (const SlotId slot : slots) list.append(TracedTensor(Expression(b, slot)));
  return list;
}

}  // namespace

const UserLayer* user_layer(const Layer& layer) {
  return dynamic_cast<const UserLayer*>(&layer.description());
}

Value::Map UserLayer::config() const {
  const nb::gil_scoped_acquire gil;
  return map_from(nb::cast<nb::dict>(object().attr("get_config")()));
}

// The layer's build() runs once, and says which weights there are.
void UserLayer::read_weights(const Shapes& x) const {
  if (specs_) return;
  nb::list shapes;
  for (const Shape& each : x) shapes.append(tuple_from(each));
  std::vector<WeightSpec> specs;
  for (const nb::handle each : nb::cast<nb::list>(object().attr("_cornu_weights")(shapes))) {
    Regularizer regularizer;
    from_value(value_from(each[3]), regularizer);
    specs.push_back({.name = nb::cast<std::string>(each[0]),
                     .shape = shape_from(each[1]),
                     .initializer = initializer_from(each[2]),
                     .regularizer = regularizer,
                     .trainable = nb::cast<bool>(each[4])});
  }
  specs_ = std::move(specs);
}

Slots UserLayer::called(Builder& b, const Slots& x, const Slots& weights, Mode mode) const {
  const nb::object made = object().attr("_cornu_call")(expressions(b, x), expressions(b, weights),
                                                       mode == Mode::training);
  Slots y;
  for (const nb::handle each : nb::cast<nb::list>(made)) {
    const Expression& value = nb::cast<TracedTensor&>(each).value();
    if (&value.builder() != &b || !value.shape().has_rows()) {
      throw Error({.where = type_ + ": call",
                   .expected = "tensors computed from its inputs, with the batch axis in front",
                   .found = value.shape().str()});
    }
    y.push_back(value.slot());
  }
  return y;
}

Shapes UserLayer::output_shapes(const Shapes& x, const std::string& where) const {
  const nb::gil_scoped_acquire gil;
  for (const auto& [in, out] : known_) {
    if (in == x) return out;
  }
  read_weights(x);
  Builder scratch;
  const auto scope = scratch.scope(where);
  Slots inputs;
  Slots weights;
  for (const Shape& each : x) inputs.push_back(scratch.input("x", each, DType::float32));
  for (const WeightSpec& each : *specs_) {
    weights.push_back(scratch.input(each.name, each.shape, DType::float32));
  }
  // Some layers call others in training only.
  Shapes y;
  for (const Mode mode : {Mode::training, Mode::predict}) {
    const Call call(*this, scratch, mode, true);
    y.clear();
    for (const SlotId each : called(scratch, inputs, weights, mode)) {
      y.push_back(scratch.slot(each).shape);
    }
  }
  known_.emplace_back(x, y);
  return y;
}

std::vector<WeightSpec> UserLayer::weights(const Shapes& x) const {
  const nb::gil_scoped_acquire gil;
  read_weights(x);
  return *specs_;
}

Slots UserLayer::lower(Builder& b, Slots x, Mode mode) const {
  const nb::gil_scoped_acquire gil;
  Slots weights;
  for (const WeightSpec& each : *specs_) weights.push_back(b.weight(each.name));
  const Call call(*this, b, mode, false);
  return called(b, x, weights, mode);
}

std::vector<Layer> UserLayer::layers() const {
  std::vector<Layer> all;
  for (const Inside& each : inside_) all.push_back(each.layer);
  return all;
}

void UserLayer::build_inside(const Shapes&, uint64_t seed) const {
  if (inside_.empty()) return;
  uint64_t own = 0;
  {
    const nb::gil_scoped_acquire gil;
    own = name_hash(nb::cast<Layer>(object().attr("_handle")).name());
  }
  // Layers of the same name inside two layers begin with other weights.
  for (const Inside& each : inside_) Layer(each.layer).build(each.x, mix(seed, own));
}

std::optional<Layer> UserLayer::clone(LayerClones&) const {
  const nb::gil_scoped_acquire gil;
  return nb::cast<Layer>(object().attr("_cornu_clone")().attr("_handle"));
}

void UserLayer::note_inside(Layer& layer, const Shapes& x) const {
  const auto is_same = [&](const Inside& each) { return each.layer == layer; };
  if (std::ranges::any_of(inside_, is_same)) return;
  const auto is_taken = [&](const std::string& name) {
    return std::ranges::any_of(inside_, [&](const Inside& in) { return in.layer.name() == name; });
  };
  if (layer.name().empty()) {
    const std::string stem = snake_case(layer.type());
    std::string name = stem;
    for (int i = 1; is_taken(name); ++i) name = stem + "_" + std::to_string(i);
    layer.set_name(name);
  } else if (is_taken(layer.name())) {
    throw Error({.where = type_ + ": call",
                 .what = "two layers inside it have the name \"" + layer.name() + "\"",
                 .hint = "give one of them another name or none"});
  } else {
    layer.set_name(layer.name());
  }
  inside_.push_back({layer, x});
}

std::vector<Expression> UserLayer::call_inside(Layer layer, const std::vector<Expression>& x,
                                               std::optional<bool> training) {
  const Call* const call = Call::now();
  if (call == nullptr) {
    throw Error(
        {.where = layer.where(),
         .expected = "to be called on tensors of a network, or inside the call() of a layer",
         .found = "a call in a loss or activation"});
  }
  Builder& b = call->builder;
  Shapes shapes;
  Slots in;
  for (const Expression& each : x) {
    shapes.push_back(each.shape());
    in.push_back(each.slot());
  }
  std::vector<Expression> y;
  if (call->only_shapes) {
    const Shapes made = layer.description().output_shapes(shapes, layer.where());
    call->layer.note_inside(layer, shapes);
    for (const Shape& each : made) y.emplace_back(b, b.input("y", each, DType::float32));
    return y;
  }
  Mode mode = call->mode;
  if (training && *training != (mode == Mode::training)) {
    if (*training) {
      throw Error({.where = layer.where() + ": training",
                   .expected = "None, False, or what call() was given",
                   .found = "True outside of training"});
    }
    mode = Mode::evaluate;
  }
  const auto scope = b.scope(layer.name());
  for (const SlotId slot : layer.description().lower(b, in, mode)) y.emplace_back(b, slot);
  return y;
}

void bind_user_layers(nb::module_& m) {
  m.def("user_layer", [](nb::object layer, std::string type, std::string name, bool trainable) {
    return Layer(
        std::make_shared<UserLayer>(std::move(layer), std::move(type), std::move(name), trainable));
  });
  m.def(
      "call_inside",
      [](const Layer& layer, const nb::list& x, std::optional<bool> training) {
        nb::list y;
        for (const Expression& each :
             UserLayer::call_inside(layer, expressions_from(x), training)) {
          y.append(TracedTensor(each));
        }
        return y;
      },
      nb::arg("layer"), nb::arg("x"), nb::arg("training").none());
}

}  // namespace cornu::python
