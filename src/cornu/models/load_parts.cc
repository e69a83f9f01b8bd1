#include <string>

#include "cornu/core/error.h"
#include "cornu/models/load_parts_internal.h"
#include "cornu/saving/network_config.h"

namespace cornu::inline v0 {
namespace {

template <class Part>
const void* found_in(const std::map<std::string, CustomObject<Part>>& parts,
                     std::string_view name) {
  const auto found = parts.find(std::string(name));
  return found == parts.end() ? nullptr : &found->second.make();
}

// From a name alone, or a name and options.
template <class Part>
Part part_in_file(const Value& config) {
  if (config.is_string()) {
    // A metric of Cornu's is then called so in logs.
    const std::string& name = config.as_string();
    const auto* const own = find_user_part<Part>(part_table<Part>().names().kind, name);
    return own == nullptr ? Part(name) : (*own)({});
  }
  return part_from_config<Part>(
      {.name = config["name"].as_string(), .config = config["config"].as_map()});
}

Loss loss_from_config(const Value& config) {
  return part_in_file<Loss>(config);
}

std::vector<Metric> metrics_from_config(const Value& list) {
  std::vector<Metric> metrics;
  for (const Value& each : list.as_list()) {
    metrics.push_back(part_in_file<Metric>(each));
  }
  return metrics;
}

CompileOptions options_from_config(const Value& config) {
  CompileOptions options{.optimizer = part_in_file<Optimizer>(config["optimizer"])};
  if (!config["loss"].is_null()) options.loss = loss_from_config(config["loss"]);
  options.metrics = metrics_from_config(config["metrics"]);
  const auto for_each = [&config](std::string_view name, const auto& add) {
    const Value* const by_output = config.find(name);
    if (by_output == nullptr) return;
    for (const auto& [output, each] : by_output->as_map()) add(output, each);
  };
  if (const Value* const weighted = config.find("weighted_metrics")) {
    options.weighted_metrics = metrics_from_config(*weighted);
  }
  for_each("losses", [&](const std::string& output, const Value& loss) {
    options.losses.emplace(output, loss_from_config(loss));
  });
  for_each("loss_weights", [&](const std::string& output, const Value& weight) {
    options.loss_weights.emplace(output, weight.as_double());
  });
  for_each("output_metrics", [&](const std::string& output, const Value& metrics) {
    options.output_metrics.emplace(output, metrics_from_config(metrics));
  });
  if (const Value* const shards = config.find("shards")) {
    options.shards =
        static_cast<int>(index_from_config(*shards, "a number of shards", size_t{kMostShards} + 1));
  }
  for_each("output_weighted_metrics", [&](const std::string& output, const Value& metrics) {
    options.output_weighted_metrics.emplace(output, metrics_from_config(metrics));
  });
  return options;
}

}  // namespace

const void* LoadedParts::find(std::string_view kind, std::string_view name) const {
  if (kind == "layer") return found_in(objects_.layers, name);
  if (kind == "activation") return found_in(objects_.activations, name);
  if (kind == "initializer") return found_in(objects_.initializers, name);
  if (kind == "regularizer") return found_in(objects_.regularizers, name);
  if (kind == "loss") return found_in(objects_.losses, name);
  if (kind == "metric") return found_in(objects_.metrics, name);
  if (kind == "optimizer") return found_in(objects_.optimizers, name);
  if (kind == "schedule") return found_in(objects_.schedules, name);
  return nullptr;
}

const LayerEntry& layer_in_file(std::string_view type) {
  try {
    return layer_entry(type);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    if (parts.hint.empty()) {
      parts.hint =
          "a layer of your own is registered before, register_layer<MyLayer>(), or given by its "
          "name among custom_objects";
    }
    throw Error(parts);
  }
}

CompileOptions compile_from_config(const Value& config) {
  try {
    return options_from_config(config);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.hint =
        "if it is one that you defined, register it before, as register_loss<MyLoss>() does, or "
        "give it to load_model(path, {.custom_objects = …}), or load the model without: "
        "load_model(path, {.compile = false})";
    throw Error(parts);
  }
}

}  // namespace cornu::inline v0
