#include "cornu/models/load_model.h"

#include "cornu/core/error.h"
#include "cornu/layers/input.h"
#include "cornu/models/model_format.h"
#include "cornu/models/model_layer.h"
#include "cornu/saving/model_file.h"
#include "cornu/saving/network_config.h"

namespace cornu::inline v0 {
namespace {

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

Loss loss_from_config(const Value& config) {
  if (config.is_string()) return Loss(config.as_string());
  return make_loss(config["name"].as_string(), config["config"].as_map());
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
  for_each("output_weighted_metrics", [&](const std::string& output, const Value& metrics) {
    options.output_weighted_metrics.emplace(output, metrics_from_config(metrics));
  });
  return options;
}

Model network_from_config(const Value& config, ModelOptions options, int depth);

// A layer of the table, or a network within the network.
Layer any_layer_from_config(const Value& config, int depth) {
  const Value* network = nullptr;
  for (const auto& [key, value] : config.as_map()) {
    if (key == "network") network = &value;
  }
  if (network == nullptr) return layer_from_config(config);
  const std::string name = config["config"]["name"].as_string();
  const Model inner = network_from_config(*network, {.name = name}, depth + 1);
  const std::string type = config["type"].as_string();
  if (type != "Sequential" && type != "Functional") {
    throw Error({.expected = "a network that is Sequential or Functional", .found = type});
  }
  return model_layer(inner.graph(), type, name);
}

Model network_from_config(const Value& config, ModelOptions options, int depth) {
  if (depth > kDeepestNetwork) {
    throw Error({.what = "networks within networks", .expected = "16 deep at most"});
  }
  const Value::List& calls = config["calls"].as_list();
  check_count("inputs", config["inputs"].as_list().size());
  check_count("layers", config["layers"].as_list().size());
  check_count("calls", calls.size());
  check_count("outputs", config["outputs"].as_list().size());
  std::vector<Layer> layers;
  for (const Value& each : config["layers"].as_list()) {
    layers.push_back(any_layer_from_config(each, depth));
  }
  // Tensors by number: the inputs, and then what each call gives.
  SymbolicTensors tensors;
  SymbolicTensors inputs;
  for (const Value& each : config["inputs"].as_list()) {
    Shape shape;
    from_value(each, shape);
    tensors.push_back(Input(shape));
  }
  const size_t count = tensors.size();
  inputs = tensors;
  for (const Value& call : calls) {
    Layer& layer = layers[index_from_config(call["layer"], "a layer's number", layers.size())];
    SymbolicTensors in;
    std::vector<size_t> numbers;
    for (const Value& each : call["in"].as_list()) {
      numbers.push_back(index_from_config(each, "a tensor's number", tensors.size()));
      in.push_back(tensors[numbers.back()]);
    }
    if (layer.type() == Input::kType && numbers.size() == 1 && numbers[0] < count) {
      // The layer of an input stands for it.
      const Input named = Input::from(layer);
      inputs[numbers[0]] = named;
      tensors[numbers[0]] = named;
      tensors.push_back(named);
      continue;
    }
    for (const SymbolicTensor& made : layer.call(in)) tensors.push_back(made);
  }
  SymbolicTensors outputs;
  for (const Value& each : config["outputs"].as_list()) {
    outputs.push_back(tensors[index_from_config(each, "a tensor's number", tensors.size())]);
  }
  return Model(std::move(inputs), std::move(outputs), std::move(options));
}

Model chain_from_config(const Value& config, ModelOptions options) {
  Sequential model(layers_from_config(config["layers"]), std::move(options));
  Shape sample;
  from_value(config["input_shape"], sample);
  model.build(sample);
  return model;
}

Model from_file(const ModelFile& file) {
  const Value config = file.config;
  const int64_t format = config["format"].as_int();
  if (format != kChainFormat && format != kNetworkFormat) {
    throw Error(
        {.kind = ErrorKind::unsupported,
         .expected = "model format 1 or 2",
         .found = config["format"].str(),
         .hint = "it was written by another version of Cornu, " + config["version"].as_string()});
  }
  ModelOptions options{.name = config["name"].as_string(),
                       .seed = static_cast<uint64_t>(config["seed"].as_int())};
  Model model = format == kChainFormat
                    ? chain_from_config(config, std::move(options))
                    : network_from_config(config["network"], std::move(options), 0);
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

Model load_model(const std::string& path) {
  const ModelFile file = read_model_file(path);
  try {
    return from_file(file);
  } catch (const Error& error) {
    // Whatever does not fit is the file's fault, and the file is named first.
    ErrorParts parts = error.parts();
    parts.kind = parts.kind == ErrorKind::unsupported ? parts.kind : ErrorKind::corrupt;
    parts.where = parts.where.empty() ? path : path + ": " + parts.where;
    throw Error(parts);
  }
}

}  // namespace cornu::inline v0
