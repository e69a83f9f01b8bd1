#include "cornu/cli/summary.h"

#include "cornu/cli/network_data.h"
#include "cornu/cli/output.h"

namespace cornu::inline v0::cli {
namespace {

Value summary_document(Model& model) {
  const Graph& graph = model.graph();
  Value::List layers;
  for (const Graph::Node& node : graph.nodes()) {
    layers.emplace_back(Value::Map{{"name", node.layer.name()},
                                   {"type", node.layer.type()},
                                   {"output_shape", to_value(graph.shape(node.out[0]))},
                                   {"params", node.layer.num_weights()},
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
    print(model.summary());
  }
  return 0;
}

}  // namespace cornu::inline v0::cli
