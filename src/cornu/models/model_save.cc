#include <algorithm>

#include "cornu/core/version.h"
#include "cornu/models/load_model.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace {

constexpr int64_t kFormat = 1;

Value fields_config(const std::vector<Field>& fields) {
  Value::List list;
  for (const Field& field : fields) {
    Value::Map map = fields_to_map(field.encoding);
    map.emplace_back("shape", to_value(field.shape));
    list.push_back(map);
  }
  return list;
}

std::vector<Field> fields_from_config(const Value& list) {
  std::vector<Field> fields;
  for (const Value& each : list.as_list()) {
    Field field;
    Value::Map encoding = each.as_map();
    std::erase_if(encoding, [](const auto& entry) { return entry.first == "shape"; });
    fields_from_map(encoding, field.encoding, "encoding");
    from_value(each["shape"], field.shape);
    fields.push_back(field);
  }
  return fields;
}

// A name where all options are at their defaults.
Value loss_config(const Loss& loss) {
  const Value::Map config = loss->config();
  const auto is_default = [&](const LossEntry& entry) {
    return entry.name == loss->name() && entry.make({})->config() == config;
  };
  if (config.empty() || std::ranges::any_of(loss_table(), is_default)) return loss->name();
  return Value::Map{{"name", loss->name()}, {"config", config}};
}

Loss loss_from_config(const Value& config) {
  if (config.is_string()) return Loss(config.as_string());
  return make_loss(config["name"].as_string(), config["config"].as_map());
}

// What any optimizer can do is written where it is asked for: flags and counts that are not 0.
Value::Map optimizer_config(const Optimizer& optimizer) {
  const Value::Map unasked = fields_to_map(UpdateOptions());
  Value::Map config = optimizer->config();
  std::erase_if(config, [&](const auto& entry) {
    return std::ranges::find(unasked, entry) != unasked.end() ||
           (entry.first == "amsgrad" && !entry.second.as_bool());
  });
  return config;
}

// A name where all options are at their defaults.
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

std::vector<Metric> metrics_from_config(const Value& list) {
  std::vector<Metric> metrics;
  for (const Value& each : list.as_list()) {
    metrics.push_back(each.is_string()
                          ? Metric(each.as_string())
                          : make_metric(each["name"].as_string(), each["config"].as_map()));
  }
  return metrics;
}

Value compile_config(const CompileOptions& options) {
  Value::Map config = {{"optimizer", Value::Map{{"name", options.optimizer->name()},
                                                {"config", optimizer_config(options.optimizer)}}},
                       {"loss", options.loss ? loss_config(*options.loss) : Value()},
                       {"metrics", metrics_config(options.metrics)}};
  // What only some networks have is written where they have it.
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
  return config;
}

CompileOptions compile_from_config(const Value& config) {
  const Value& optimizer = config["optimizer"];
  CompileOptions options{
      .optimizer = make_optimizer(optimizer["name"].as_string(), optimizer["config"].as_map())};
  if (!config["loss"].is_null()) options.loss = loss_from_config(config["loss"]);
  options.metrics = metrics_from_config(config["metrics"]);
  const auto for_each = [&config](std::string_view name, const auto& add) {
    for (const auto& [key, value] : config.as_map()) {
      if (key != name) continue;
      for (const auto& [output, each] : value.as_map()) add(output, each);
    }
  };
  for (const auto& [key, value] : config.as_map()) {
    if (key == "weighted_metrics") options.weighted_metrics = metrics_from_config(value);
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
  return options;
}

Sequential from_file(const ModelFile& file, const std::string& path) {
  const Value config = file.config;
  if (config["format"].as_int() != kFormat) {
    throw Error(
        {.kind = ErrorKind::unsupported,
         .expected = "model format " + std::to_string(kFormat),
         .found = config["format"].str(),
         .hint = "it was written by another version of Cornu, " + config["version"].as_string()});
  }
  Sequential model(
      layers_from_config(config["layers"], path),
      {.name = config["name"].as_string(), .seed = static_cast<uint64_t>(config["seed"].as_int())});
  Shape sample;
  from_value(config["input_shape"], sample);
  model.build(sample);
  const auto weights = model.weights();
  if (weights.size() != file.weights.size()) {
    throw Error({.expected = std::to_string(weights.size()) + " weights, as its layers have",
                 .found = std::to_string(file.weights.size())});
  }
  for (const auto& [name, weight] : file.weights) model.set_weight(name, weight);
  model.set_data_spec(
      {.x = fields_from_config(config["inputs"]), .y = fields_from_config(config["targets"])});
  if (!config["compile"].is_null()) model.compile(compile_from_config(config["compile"]));
  return model;
}

}  // namespace

void Model::save(const std::string& path) const {
  ModelFile file;
  const Shape sample = graph().shape(graph().inputs()[0]).without_rows();
  file.config = {{"format", kFormat},
                 {"version", CORNU_VERSION},
                 {"name", name()},
                 {"seed", static_cast<int64_t>(seed())},
                 {"input_shape", to_value(sample)},
                 {"inputs", fields_config(data_spec().x)},
                 {"targets", fields_config(data_spec().y)},
                 {"layers", layers_to_config(graph())},
                 {"compile", compiled() ? compile_config(compile_options()) : Value()}};
  for (const auto& [weight_name, weight] : weights()) {
    file.weights.emplace_back(weight_name, Tensor(weight));
  }
  write_model_file(file, path);
}

Sequential load_model(const std::string& path) {
  const ModelFile file = read_model_file(path);
  try {
    return from_file(file, path);
  } catch (const Error& error) {
    // Whatever does not fit is the file's fault, and the file is named first.
    ErrorParts parts = error.parts();
    parts.kind = parts.kind == ErrorKind::unsupported ? parts.kind : ErrorKind::corrupt;
    parts.where = parts.where.empty() ? path : path + ": " + parts.where;
    throw Error(parts);
  }
}

}  // namespace cornu::inline v0
