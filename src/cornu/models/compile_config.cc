#include <algorithm>

#include "cornu/core/fields.h"
#include "cornu/models/compile_config_internal.h"

namespace cornu::inline v0 {
namespace {

// Only the name if all options have their defaults.
Value loss_config(const Loss& loss) {
  const Value::Map config = loss->config();
  if (config.empty() || part_table<Loss>().has_defaults(loss->name(), config)) return loss->name();
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

// Only the name if all options have their defaults, and logs use it.
Value metric_config(const Metric& metric) {
  if (metric->name() == metric->kind() &&
      part_table<Metric>().has_defaults(metric->kind(), metric->config())) {
    return metric->kind();
  }
  return Value::Map{{"name", metric->kind()}, {"config", metric->config()}};
}

Value metrics_config(const std::vector<Metric>& metrics) {
  Value::List list;
  for (const Metric& metric : metrics) list.push_back(metric_config(metric));
  return list;
}

}  // namespace

Value compile_config(const CompileOptions& options) {
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
  if (options.shards > 1) config.emplace_back("shards", options.shards);
  return config;
}

}  // namespace cornu::inline v0
