#include "cornu/models/model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/float_mode.h"
#include "cornu/core/names.h"
#include "cornu/models/model_internal.h"
#include "cornu/models/model_layer.h"

namespace cornu::inline v0 {

Model::Model(ModelOptions options, std::string_view type)
    : impl_(std::make_shared<Impl>(), "Model") {
  impl_->type = type;
  impl_->options = std::move(options);
  impl_->is_named = !impl_->options.name.empty();
  if (!impl_->is_named) impl_->options.name = snake_case(type);
}

Model::Model(SymbolicTensors inputs, SymbolicTensors outputs, ModelOptions options)
    : Model(std::move(options), "Functional") {
  set_network(std::move(inputs), std::move(outputs), Graph::Inputs::as_layers);
}
Model::Model(Handle<Impl> impl) : impl_(std::move(impl)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;

const std::string& Model::name() const {
  return impl_->options.name;
}
std::string_view Model::type() const {
  return impl_->type;
}
bool Model::built() const {
  return impl_->built;
}
uint64_t Model::seed() const {
  return impl_->options.seed;
}

const Graph& Model::graph() const {
  impl_->require_built();
  return impl_->graph;
}

std::vector<Layer> Model::layers() const {
  return graph().layers();
}

Layer Model::get_layer(std::string_view wanted) const {
  if (const Layer* const found = graph().find_layer(wanted)) return *found;
  std::vector<std::string> names;
  for (const Layer& layer : graph().layers()) names.push_back(layer.name());
  throw unknown_name(impl_->where(), "layer", wanted, names);
}

Layer Model::get_layer(int64_t index) const {
  const std::vector<Layer>& all = graph().layers();
  const auto count = static_cast<int64_t>(all.size());
  if (index >= -count && index < count) {
    return all[static_cast<size_t>(index < 0 ? index + count : index)];
  }
  throw Error({.where = impl_->where(),
               .expected = "a layer's index below " + std::to_string(count),
               .found = std::to_string(index)});
}

const SymbolicTensors& Model::inputs() const {
  impl_->require_built();
  return impl_->inputs;
}

const SymbolicTensors& Model::outputs() const {
  impl_->require_built();
  return impl_->outputs;
}

Layer Model::as_layer() const {
  impl_->require_built();
  if (!impl_->as_layer) {
    impl_->as_layer = model_layer(impl_->graph, type(), impl_->is_named ? name() : "");
  }
  return *impl_->as_layer;
}

void Model::set_trainable(bool trainable) {
  for (Layer& layer : layers()) layer.set_trainable(trainable);
}

std::vector<std::pair<std::string, TensorView>> Model::weights() const {
  std::vector<std::pair<std::string, TensorView>> all;
  for (const NamedWeight& each : graph().weights()) all.emplace_back(each.name, each.weight->value);
  return all;
}

void Model::set_weight(std::string_view weight_name, TensorView values) {
  const std::string wanted(weight_name);
  Weight* const weight = graph().find_weight(wanted);
  if (weight == nullptr) {
    std::vector<std::string> names;
    for (const NamedWeight& each : graph().weights()) names.push_back(each.name);
    throw unknown_name(impl_->where(), "weight", wanted, names);
  }
  set_values(*weight, "weight " + wanted, values);
}

double Model::learning_rate() const {
  impl_->require_compiled();
  return impl_->learning_rate();
}

void Model::set_learning_rate(double learning_rate) {
  impl_->require_compiled();
  impl_->set_learning_rate(learning_rate);
}

void Model::compile(CompileOptions options) {
  impl_->use.require_none(impl_->where(), "compile");
  require("compile", options.shards >= 1 && options.shards <= kMostShards,
          "shards from 1 to " + std::to_string(kMostShards), std::to_string(options.shards));
  impl_->graph.fix_trainable();
  impl_->execution = options.execution;
  impl_->compiled = std::move(options);
  impl_->resolve();
  impl_->optimizer_state.clear();
  impl_->steps_before += std::exchange(impl_->steps_begun, 0);
  impl_->set_rate.reset();
  impl_->executors.clear();
}

bool Model::compiled() const {
  return impl_->compiled.has_value();
}

std::vector<std::string> Model::log_names() const {
  if (!impl_->compiled) return {};
  const CompileOptions& options = *impl_->compiled;
  const bool by_output =
      !options.output_metrics.empty() || !options.output_weighted_metrics.empty();
  if (!impl_->built && by_output) return {};
  // A network that is not built has one output, whose name is not logged.
  const CompiledOutputs outputs =
      impl_->built
          ? impl_->compiled_outputs
          : for_outputs({.metrics = options.metrics, .weighted_metrics = options.weighted_metrics},
                        {"output"}, impl_->where());
  std::vector<std::string> names = {"loss"};
  for (size_t i = 0; i < outputs.counted.loss_names.size(); ++i) {
    if (outputs.losses[i].loss) names.push_back(outputs.counted.loss_names[i]);
  }
  for (const OutputMetric& each : outputs.counted.metrics) names.push_back(each.name);
  return names;
}

const CompileOptions& Model::compile_options() const {
  impl_->require_compiled();
  return *impl_->compiled;
}

void Model::execute_with(ExecutionOptions options) {
  impl_->use.require_none(impl_->where(), "execute_with");
  impl_->execution = std::move(options);
  impl_->executors.clear();
}

const Spec& Model::data_spec() const {
  return impl_->data_spec;
}
const ModelCard& Model::card() const {
  return impl_->card;
}
void Model::set_card(ModelCard card) {
  impl_->card = std::move(card);
}
const std::vector<Tensor>& Model::stored_sample() const {
  return impl_->stored_sample;
}
void Model::set_stored_sample(std::vector<Tensor> inputs) {
  impl_->stored_sample = std::move(inputs);
}
const Value& Model::origin() const {
  return impl_->origin;
}
void Model::set_origin(Value origin) {
  impl_->origin = std::move(origin);
}
void Model::set_data_spec(Spec spec) {
  impl_->data_spec = std::move(spec);
}

void Model::require_unused(const char* change) const {
  impl_->use.require_none(impl_->where(), change);
}

void Model::set_network(SymbolicTensors inputs, SymbolicTensors outputs, Graph::Inputs given) {
  const FloatMode mode;
  require_unused("build");
  impl_->graph = Graph::between(inputs, outputs, given);
  impl_->graph.build(seed());
  impl_->graph.fix_trainable();
  impl_->inputs = std::move(inputs);
  impl_->outputs = std::move(outputs);
  impl_->built = true;
  impl_->network_changed();
}

void Model::append(const Layer& layer) {
  const FloatMode mode;
  Graph& graph = impl_->graph;
  const SymbolicTensors y = {layer(impl_->outputs)};
  const std::vector<int> before = graph.outputs();
  graph.set_outputs(graph.add(layer, before));
  try {
    graph.build_last(seed());
    impl_->network_changed();
  } catch (...) {
    graph.set_outputs(before);
    graph.remove_last();
    throw;
  }
  impl_->outputs = y;
}

void Model::remove_last() {
  Graph& graph = impl_->graph;
  const SymbolicTensors x = impl_->outputs[0].call().in;
  graph.set_outputs(graph.nodes().back().in);
  graph.remove_last();
  impl_->outputs = x;
  impl_->network_changed();
}

}  // namespace cornu::inline v0
