#include "cornu/models/sequential.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

ModelOptions named(ModelOptions options) {
  if (options.name.empty()) options.name = "sequential";
  return options;
}

}  // namespace

Sequential::Sequential(std::vector<Layer> layers, ModelOptions options)
    : Model(named(std::move(options))) {
  for (Layer& layer : layers) add(std::move(layer));
}

void Sequential::add(Layer layer) {
  if (layers_.empty() && layer.type() == Input::kType) {
    Shape shape;
    from_value(Value(layer.description().config())["shape"], shape);
    layers_.push_back(std::move(layer));
    build(shape);
    return;
  }
  layers_.push_back(layer);
  if (!built()) return;
  Graph& graph = graph_to_build();
  graph.set_outputs(graph.add(std::move(layer), graph.outputs()));
  finish_build();
}

void Sequential::build(Shape sample) {
  if (built()) {
    const Shape& now = graph().shape(graph().inputs()[0]);
    if (now == sample.with_rows()) return;
    throw Error({.where = "Sequential \"" + name() + "\"",
                 .what = "is built already",
                 .expected = "samples of shape " + now.without_rows().str(),
                 .found = sample.str()});
  }
  Graph graph;
  std::vector<int> at = {graph.add_input(sample)};
  for (const Layer& layer : layers_) at = graph.add(layer, at);
  graph.set_outputs(at);
  graph_to_build() = std::move(graph);
  finish_build();
}

void Sequential::build_for(const Spec& spec) {
  build(spec.x[0].shape);
}

}  // namespace cornu::inline v0
