#include <algorithm>

#include "cornu/core/version.h"
#include "cornu/models/model.h"
#include "cornu/models/model_format.h"
#include "cornu/models/save_keras_internal.h"
#include "cornu/models/saved_config_internal.h"
#include "cornu/saving/model_file.h"
#include "cornu/saving/network_config.h"

namespace cornu::inline v0 {
namespace {

Value fields_config(const std::vector<Field>& fields) {
  Value::List list;
  for (const Field& field : fields) {
    Value::Map map = fields_to_map(field.encoding);
    map.emplace_back("shape", to_value(field.shape));
    list.push_back(map);
  }
  return list;
}

// Only the name if all options have their defaults.
Value loss_config(const Loss& loss) {
  const Value::Map config = loss->config();
  const auto is_default = [&](const LossEntry& entry) {
    return entry.name == loss->name() && entry.make({})->config() == config;
  };
  if (config.empty() || std::ranges::any_of(loss_table(), is_default)) return loss->name();
  return Value::Map{{"name", loss->name()}, {"config", config}};
}

// The options that all optimizers share are written only when set: flags and counts that are not 0.
Value::Map optimizer_config(const Optimizer& optimizer) {
  const Value::Map unasked = fields_to_map(UpdateOptions());
  Value::Map config = optimizer->config();
  std::erase_if(config, [&](const auto& entry) {
    return std::ranges::find(unasked, entry) != unasked.end() ||
           (entry.first == "amsgrad" && !entry.second.as_bool());
  });
  return config;
}

// Only the name if all options have their defaults.
Value metric_config(const Metric& metric) {
  const auto is_default = [&](const MetricEntry& entry) {
    return entry.name == metric->kind() && entry.make({})->config() == metric->config();
  };
  if (std::ranges::any_of(metric_table(), is_default)) return metric->kind();
  return Value::Map{{"name", metric->kind()}, {"config", metric->config()}};
}

Value metrics_config(const std::vector<Metric>& metrics) {
  Value::List list;
  for (const Metric& metric : metrics) list.push_back(metric_config(metric));
  return list;
}

Value config_of(const CompileOptions& options) {
  Value::Map config = {{"optimizer", Value::Map{{"name", options.optimizer->name()},
                                                {"config", optimizer_config(options.optimizer)}}},
                       {"loss", options.loss ? loss_config(*options.loss) : Value()},
                       {"metrics", metrics_config(options.metrics)}};
  // Entries that only some networks have are written only for those.
  const auto add_map = [&config](const char* name, const auto& by_name, const auto& value) {
    Value::Map map;
    for (const auto& [output, each] : by_name) map.emplace_back(output, value(each));
    if (!map.empty()) config.emplace_back(name, map);
  };
  if (!options.weighted_metrics.empty()) {
    config.emplace_back("weighted_metrics", metrics_config(options.weighted_metrics));
  }
  add_map("losses", options.losses, loss_config);
  add_map("loss_weights", options.loss_weights, [](double weight) { return Value(weight); });
  add_map("output_metrics", options.output_metrics, metrics_config);
  add_map("output_weighted_metrics", options.output_weighted_metrics, metrics_config);
  return config;
}

}  // namespace

Value compile_config(const Model& model) {
  return model.compiled() ? config_of(model.compile_options()) : Value();
}

void add_data_config(Value::Map& config, const Model& model) {
  config.emplace_back("seed", static_cast<int64_t>(model.seed()));
  config.emplace_back("inputs", fields_config(model.data_spec().x));
  config.emplace_back("targets", fields_config(model.data_spec().y));
  if (!model.origin().is_null()) config.emplace_back("origin", model.origin());
}

void save_as_safetensors(const Model& model, const std::string& path) {
  ModelFile file;
  const Graph& graph = model.graph();
  const bool is_chain = model.type() == "Sequential";
  file.config = {{"format", is_chain ? kChainFormat : kNetworkFormat},
                 {"version", CORNU_VERSION},
                 {"name", model.name()}};
  add_data_config(file.config, model);
  if (is_chain) {
    const Shape sample = graph.shape(graph.inputs()[0]).without_rows();
    file.config.emplace_back("input_shape", to_value(sample));
    file.config.emplace_back("layers", chain_to_config(graph));
  } else {
    file.config.emplace_back("network", network_to_config(graph));
  }
  file.config.emplace_back("compile", compile_config(model));
  for (const auto& [name, weight] : model.weights())
    file.weights.emplace_back(name, Tensor(weight));
  write_model_file(file, path);
}

void Model::save(const std::string& path) const {
  if (is_keras_name(path)) {
    save_as_keras(*this, path);
  } else {
    save_as_safetensors(*this, path);
  }
}

}  // namespace cornu::inline v0
