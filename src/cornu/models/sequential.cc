#include "cornu/models/sequential.h"

#include <utility>

namespace cornu::inline v0 {

Sequential::Sequential(std::vector<Layer> layers, ModelOptions options)
    : Model(std::move(options), "Sequential") {
  layers_ = std::move(layers);
  if (layers_.empty() || layers_[0].type() != Input::kType) return;
  input_ = Input::from(layers_[0]);
  connect();
}

Sequential::Sequential(Model&& model) : Model(std::move(model)) {
  if (type() != "Sequential") {
    throw Error({.where = "model \"" + name() + "\"",
                 .expected = "a Sequential",
                 .found = "a " + std::string(type()) + " model"});
  }
  for (const Graph::Node& node : graph().nodes()) layers_.push_back(node.layer);
  input_ = Input::from(inputs()[0].call().layer);
}

void Sequential::add(Layer layer) {
  require_unused("add");
  if (layers_.empty() && layer.type() == Input::kType) {
    layers_.push_back(std::move(layer));
    input_ = Input::from(layers_[0]);
    connect();
    return;
  }
  if (input_) append(layer);
  layers_.push_back(std::move(layer));
}

void Sequential::pop() {
  require_unused("pop");
  if (layers_.empty()) {
    throw Error({.where = "Sequential \"" + name() + "\"", .what = "has no layer to take away"});
  }
  layers_.pop_back();
  if (!input_) return;
  if (layers_.empty()) {
    connect();
  } else {
    remove_last();
  }
}

void Sequential::build(Shape sample) {
  if (input_) {
    if (built() && input_->shape() == sample.with_rows()) return;
    throw Error({.where = "Sequential \"" + name() + "\"",
                 .what = "is built already",
                 .expected = "samples of shape " + input_->shape().without_rows().str(),
                 .found = sample.str()});
  }
  input_ = Input(sample);
  try {
    connect();
  } catch (...) {
    input_.reset();
    throw;
  }
}

void Sequential::connect() {
  const bool begins = !layers_.empty() && layers_[0].type() == Input::kType;
  SymbolicTensor x = *input_;
  for (size_t i = begins ? 1 : 0; i < layers_.size(); ++i) x = layers_[i](x);
  set_network({*input_}, {x}, begins ? Graph::Inputs::as_layers : Graph::Inputs::left_out);
}

void Sequential::build_for(const Spec& spec) {
  build(spec.x[0].shape);
}

}  // namespace cornu::inline v0
