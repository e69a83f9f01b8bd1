#include "cornu/models/load_model.h"

#include <map>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/interop/keras_file.h"
#include "cornu/layers/input.h"
#include "cornu/layers/table.h"
#include "cornu/layers/weights_from_file.h"
#include "cornu/models/load_parts_internal.h"
#include "cornu/models/model_layer.h"
#include "cornu/models/saved_card_internal.h"
#include "cornu/models/saved_config_internal.h"
#include "cornu/saving/model_file.h"
#include "cornu/saving/model_format.h"
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

/// Reads layers and nested networks, and remembers the layers for later uses of them.
class NetworkReader {
 public:
  Model network(const Value& config, ModelOptions options, const std::string& around = "",
                int depth = 0);
  Model chain(const Value& config, ModelOptions options);

 private:
  Layer layer(const Value& config, const std::string& around, int depth);
  Layer new_layer(const Value& config, const std::string& path, int depth);

  std::map<std::string, Layer> read_;  ///< by the path of the first use: "encoder/dense"
};

Layer NetworkReader::layer(const Value& config, const std::string& around, int depth) {
  if (const Value* first = config.find("same_as")) {
    const auto found = read_.find(first->as_string());
    if (found != read_.end() && found->second.type() == config["type"].as_string()) {
      return found->second;
    }
    throw Error({.kind = ErrorKind::corrupt,
                 .where = "same_as",
                 .expected = "a layer of that type that comes before",
                 .found = first->as_string()});
  }
  const Value* const name = config["config"].find("name");
  const std::string path = around + (name == nullptr ? "" : name->as_string());
  Layer made = new_layer(config, path, depth);
  read_.emplace(path, made);
  return made;
}

// A user-defined layer, a nested network, or a layer of the table.
Layer NetworkReader::new_layer(const Value& config, const std::string& path, int depth) {
  const std::string& type = config["type"].as_string();
  const Value::Map& options = config["config"].as_map();
  if (const auto* own = find_user_part<Layer>("layer", type)) {
    Layer made = (*own)(options).clone();  // else all of this type would share weights
    if (const Value* const name = config["config"].find("name")) made.set_name(name->as_string());
    if (const Value* const trainable = config["config"].find("trainable")) {
      made.set_trainable(trainable->as_bool());
    }
    return made;
  }
  const Value* const inside = config.find("network");
  if (inside == nullptr) {
    const LayerEntry& entry = layer_in_file(type);
    return entry.make(options);
  }
  if (type != "Sequential" && type != "Functional") {
    throw Error({.expected = "a network that is Sequential or Functional", .found = type});
  }
  const std::string name = config["config"]["name"].as_string();
  const Model inner = network(*inside, {.name = name}, path + "/", depth + 1);
  return model_layer(inner.graph(), type, name);
}

Model NetworkReader::network(const Value& config, ModelOptions options, const std::string& around,
                             int depth) {
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
    layers.push_back(layer(each, around, depth));
  }
  // Tensors by number: first the inputs, then the results of each call.
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
    Layer& called = layers[index_from_config(call["layer"], "a layer's number", layers.size())];
    SymbolicTensors in;
    std::vector<size_t> numbers;
    for (const Value& each : call["in"].as_list()) {
      numbers.push_back(index_from_config(each, "a tensor's number", tensors.size()));
      in.push_back(tensors[numbers.back()]);
    }
    if (called.type() == Input::kType && numbers.size() == 1 && numbers[0] < count) {
      // An Input layer replaces the input that it is called on.
      const Input named = Input::from(called);
      inputs[numbers[0]] = named;
      tensors[numbers[0]] = named;
      tensors.push_back(named);
      continue;
    }
    for (const SymbolicTensor& made : called.call(in)) tensors.push_back(made);
  }
  SymbolicTensors outputs;
  for (const Value& each : config["outputs"].as_list()) {
    outputs.push_back(tensors[index_from_config(each, "a tensor's number", tensors.size())]);
  }
  return Model(std::move(inputs), std::move(outputs), std::move(options));
}

Model NetworkReader::chain(const Value& config, ModelOptions options) {
  const Value::List& list = config["layers"].as_list();
  check_count("layers", list.size());
  std::vector<Layer> layers;
  for (const Value& each : list) {
    // A name met before is the same layer used again.
    const Value* const name = each["config"].find("name");
    const auto same = name == nullptr ? read_.end() : read_.find(name->as_string());
    const bool again = same != read_.end() && !same->first.empty() &&
                       same->second.type() == each["type"].as_string();
    layers.push_back(again ? same->second : layer(each, "", 0));
  }
  Shape sample;
  from_value(config["input_shape"], sample);
  Sequential model(std::move(layers), std::move(options));
  model.build(sample);
  return model;
}

// Without a copy; set_weight says what is wrong with those that do not fit.
void take_weights(Model& model, std::vector<std::pair<std::string, Tensor>> values) {
  for (auto& [name, each] : values) {
    Weight* const weight = model.graph().find_weight(name);
    if (weight == nullptr || !(weight->value.shape() == each.shape())) {
      model.set_weight(name, each);
    } else {
      weight->value = std::move(each);
    }
  }
}

Model from_file(ModelFile file, const LoadOptions& loading) {
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
  uint64_t elements = 0;
  for (const auto& [name, weight] : file.weights) elements += static_cast<uint64_t>(weight.size());
  Model model = [&] {
    const WeightsFromFile from_file(elements);
    NetworkReader reader;
    return format == kChainFormat ? reader.chain(config, std::move(options))
                                  : reader.network(config["network"], std::move(options));
  }();
  const auto weights = model.weights();
  if (weights.size() != file.weights.size()) {
    throw Error({.expected = std::to_string(weights.size()) + " weights, as its layers have",
                 .found = std::to_string(file.weights.size())});
  }
  take_weights(model, std::move(file.weights));
  set_data_config(model, config);
  if (loading.compile && !config["compile"].is_null()) {
    model.compile(compile_from_config(config["compile"]));
  }
  if (loading.check_sample) check_sample(model, config);
  return model;
}

}  // namespace

void set_data_config(Model& model, const Value& config) {
  if (!config.is_map()) return;
  model.set_data_spec(
      {.x = fields_from_config(config["inputs"]), .y = fields_from_config(config["targets"])});
  if (const Value* const origin = config.find("origin")) model.set_origin(*origin);
  set_card_from(model, config);
}

Model load_model(const std::string& path, const LoadOptions& options) {
  if (is_keras_file(path) && !is_npz_file(path)) return load_keras_model(path, options);
  ModelFile file = read_model_file(path);
  const LoadedParts parts(options.custom_objects);
  const UserParts::Scope scope(parts);
  try {
    return from_file(std::move(file), options);
  } catch (const Error& error) {
    // Any mismatch is a fault of the file, so the error names the file first.
    ErrorParts found = error.parts();
    found.kind = found.kind == ErrorKind::unsupported ? found.kind : ErrorKind::corrupt;
    found.where = found.where.empty() ? path : path + ": " + found.where;
    throw Error(found);
  }
}

}  // namespace cornu::inline v0
