#include "cornu/cli/summary.h"

#include "cornu/cli/network_data.h"
#include "cornu/cli/output.h"
#include "cornu/plan/costs.h"

namespace cornu::inline v0::cli {
namespace {

Value::List strings(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

Value summary_document(const Model& model) {
  const Graph& graph = model.graph();
  const auto costs =
      layer_costs(graph, model.compiled() ? &model.compile_options().optimizer : nullptr);
  const std::vector<std::vector<std::string>> connections = graph.connections();
  Value::List layers;
  for (const Graph::Node& node : graph.nodes()) {
    const LayerCosts& own = costs.at(node.layer.name());
    layers.emplace_back(
        Value::Map{{"name", node.layer.name()},
                   {"type", node.layer.type()},
                   {"connected_to", strings(connections[graph.index_of(node.layer)])},
                   {"output_shape", to_value(graph.shape(node.out[0]))},
                   {"params", node.layer.num_weights()},
                   {"flops", own.flops},
                   {"activation_bytes", own.activation_bytes},
                   {"optimizer_bytes", own.optimizer_bytes},
                   {"config", node.layer.description().config()}});
  }
  int64_t trainable = 0;
  int64_t fixed = 0;
  for (const NamedWeight& each : graph.weights()) {
    (each.trainable ? trainable : fixed) += each.weight->value.size();
  }
  return Value::Map{{"name", model.name()},
                    {"layers", std::move(layers)},
                    {"total_params", trainable + fixed},
                    {"trainable_params", trainable},
                    {"non_trainable_params", fixed}};
}

}  // namespace

int summary(const SummaryOptions& options) {
  Model model = load_model_of(options.model);
  if (options.json) {
    print_json(summary_document(model));
  } else {
    print(model.summary({.costs = options.costs}));
  }
  return 0;
}

}  // namespace cornu::inline v0::cli
