#include "cornu/models/clone_model.h"

#include <map>
#include <utility>

#include "cornu/layers/input.h"

namespace cornu::inline v0 {
namespace {

bool is_input(const Graph::Node& node) {
  return node.layer.type() == Input::kType;
}

Model chain(const Graph& graph, ModelOptions options) {
  std::vector<Layer> layers;
  for (const Graph::Node& node : graph.nodes()) layers.push_back(node.layer);
  Sequential made(std::move(layers), std::move(options));
  made.build(graph.shape(graph.inputs()[0]).without_rows());
  return made;
}

// Calls the layers again, in order, on new tensors.
Model network(const Graph& graph, ModelOptions options) {
  std::map<int, SymbolicTensor> made;
  for (const int input : graph.inputs()) {
    made.insert_or_assign(input, Input(graph.shape(input).without_rows()));
  }
  SymbolicTensors inputs;
  for (const Graph::Node& node : graph.nodes()) {
    if (is_input(node)) {
      const Input input = Input::from(node.layer);
      made.insert_or_assign(node.in[0], input);
      made.insert_or_assign(node.out[0], input);
      continue;
    }
    SymbolicTensors in;
    for (const int tensor : node.in) in.push_back(made.at(tensor));
    const SymbolicTensors out = node.layer.call(in);
    for (size_t i = 0; i < out.size(); ++i) made.insert_or_assign(node.out[i], out[i]);
  }
  for (const int input : graph.inputs()) inputs.push_back(made.at(input));
  SymbolicTensors outputs;
  for (const int output : graph.outputs()) outputs.push_back(made.at(output));
  return Model(std::move(inputs), std::move(outputs), std::move(options));
}

}  // namespace

Model clone_model(const Model& model, std::optional<uint64_t> seed) {
  const Graph graph = model.graph().clone();
  ModelOptions options{.name = model.name(), .seed = seed.value_or(model.seed())};
  return model.type() == "Sequential" ? chain(graph, std::move(options))
                                      : network(graph, std::move(options));
}

}  // namespace cornu::inline v0
