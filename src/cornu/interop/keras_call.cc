#include "cornu/interop/keras_call.h"

#include <algorithm>
#include <map>

#include "cornu/core/error.h"
#include "cornu/interop/keras_part.h"
#include "cornu/layers/rescaling.h"

namespace cornu::inline v0 {
namespace {

// What tf.keras has in place of a layer for a number on the left of an operator.
constexpr std::string_view kNumber = "_CONSTANT_VALUE";

TensorName tensor_name(const Value& history) {
  const Value::List& parts = history.as_list();
  if (parts.size() >= 3 && parts[0].is_string() && parts[1].is_int() && parts[2].is_int()) {
    return {parts[0].as_string(), parts[1].as_int(), parts[2].as_int()};
  }
  throw Error({.expected = "a tensor as [layer, call, output]", .found = history.str()});
}

bool is_tensor_name(const Value& value) {
  return value.is_list() && value.as_list().size() >= 3 && value.as_list()[0].is_string() &&
         value.as_list()[1].is_int() && value.as_list()[2].is_number();
}

void collect_names(const Value& value, std::vector<TensorName>& all) {
  if (value.is_map()) {
    std::map<std::string, const Value*> by_key;
    for (const auto& [key, each] : value.as_map()) by_key.emplace(key, &each);
    for (const auto& [key, each] : by_key) collect_names(*each, all);
  } else if (is_tensor_name(value)) {
    all.push_back(tensor_name(value));
  } else {
    for (const Value& each : value.as_list()) collect_names(each, all);
  }
}

void add(KerasCall& call, const Value& value) {
  if (value.is_number()) {
    call.numbers.emplace_back(call.size(), value.as_double());
  } else if (value.is_list()) {
    for (const Value& each : value.as_list()) add(call, each);
  } else if (const Value* type = value.find("class_name");
             type != nullptr && *type == Value("__keras_tensor__")) {
    call.tensors.push_back(tensor_name(value["config"]["keras_history"]));
  } else if (value.is_map() && type == nullptr) {
    std::map<std::string, const Value*> by_key;
    for (const auto& [key, each] : value.as_map()) by_key.emplace(key, &each);
    for (const auto& [key, each] : by_key) add(call, *each);
  } else {
    throw Error({.what = "is called on something else than tensors", .found = value.str()});
  }
}

void check_option(const std::string& key, const Value& value) {
  if (value.is_null() || (key == "name" && value.is_string())) return;
  // Keras writes this wherever a network is assembled; it changes nothing.
  if (key == "training" && value == Value(false)) return;
  throw Error({.what = "is called with " + key + "=" + value.str() + ", which Cornu has not",
               .hint = key == "training" ? "a layer trains in fit() and not in predict(); "
                                           "trainable = false fixes its weights"
                                         : "call it on tensors alone"});
}

// Of tf.keras 2: ["layer", call, output, {…}]; an operator's second operand is its option y.
void add_end(KerasCall& call, const Value& end) {
  const Value::List& parts = end.as_list();
  if (!parts.empty() && parts[0] == Value(kNumber)) {
    add(call, parts.at(2));
  } else {
    call.tensors.push_back(tensor_name(end));
  }
  if (parts.size() < 4) return;
  for (const auto& [key, value] : parts[3].as_map()) {
    if (key == "y" && value.is_number()) {
      add(call, value);
    } else if (key == "y" && is_tensor_name(value)) {
      call.tensors.push_back(tensor_name(value));
    } else {
      check_option(key, value);
    }
  }
}

// Options of Keras 1 that are another's today, or two that are one.
Value todays_options(const Value& layer) {
  const Value& config = layer["config"];
  if (!config.is_map()) return layer;
  const Value& rows = value_under(config, "nb_row");
  const Value& cols = value_under(config, "nb_col");
  const bool is_turned = value_under(config, "dim_ordering") == Value("th");
  if (!is_turned && (rows.is_null() || cols.is_null())) return layer;
  Value::Map options;
  for (const auto& [key, value] : config.as_map()) {
    if (key == "nb_row" && !cols.is_null()) {
      options.emplace_back("kernel_size", Value::List{rows, cols});
    } else if (key == "dim_ordering" && is_turned) {
      options.emplace_back("data_format", "channels_first");
    } else if (key != "nb_col" || rows.is_null()) {
      options.emplace_back(key, value);
    }
  }
  Value::Map made;
  for (const auto& [key, value] : layer.as_map()) {
    made.emplace_back(key, key == "config" ? Value(options) : value);
  }
  return made;
}

}  // namespace

std::vector<TensorName> tensor_names(const Value& ends) {
  std::vector<TensorName> all;
  collect_names(ends, all);
  return all;
}

KerasCall keras_call(const Value& node) {
  KerasCall call;
  if (node.is_map() && node.find("args") == nullptr) {
    collect_names(node, call.tensors);  // of tf.keras 2, by the names of inputs
    return call;
  }
  if (node.is_map()) {
    // Of Keras 3: {"args": [tensor, …], "kwargs": {…}}.
    for (const Value& each : node["args"].as_list()) add(call, each);
    const Value* options = node.find("kwargs");
    if (options == nullptr) return call;
    for (const auto& [key, value] : options->as_map()) check_option(key, value);
    return call;
  }
  const Value::List ends = is_tensor_name(node) ? Value::List{node} : node.as_list();
  for (const Value& each : ends) add_end(call, each);
  return call;
}

Value todays_layer(const Value& layer) {
  if (layer["class_name"] != Value("Merge")) return todays_options(layer);
  static constexpr std::pair<std::string_view, std::string_view> kModes[] = {
      {"sum", "Add"},
      {"mul", "Multiply"},
      {"concat", "Concatenate"},
      {"ave", "Average"},
      {"max", "Maximum"}};
  const Value& config = layer["config"];
  for (const auto& [mode, today] : kModes) {
    // With layers of its own it is the beginning of a Sequential.
    if (value_under(config, "mode") != Value(mode) || config.find("layers") != nullptr) continue;
    Value::Map options = {{"name", config["name"]}};
    if (mode == "concat") options.emplace_back("axis", config["concat_axis"]);
    return Value::Map{{"class_name", today},
                      {"name", value_under(layer, "name")},
                      {"config", std::move(options)}};
  }
  return layer;
}

std::string class_of_layer(const Value& layer) {
  const std::string& type = layer["class_name"].as_string();
  if (type != "TFOpLambda") return type;
  static constexpr std::pair<std::string_view, std::string_view> kOperators[] = {
      {"__operators__.add", "Add"},  {"math.add", "Add"},        {"math.multiply", "Multiply"},
      {"math.subtract", "Subtract"}, {"math.truediv", "Divide"}, {"math.divide", "Divide"}};
  const Value& function = value_under(layer["config"], "function");
  for (const auto& [of_tensorflow, ours] : kOperators) {
    if (function == Value(of_tensorflow)) return std::string(ours);
  }
  throw Error({.kind = ErrorKind::unsupported,
               .what = "is a function of TensorFlow's, which Cornu has not",
               .found = "tf." + (function.is_string() ? function.as_string() : function.str()),
               .hint = "write the network with layers; x + 2, x - 2, 2 - x, x * 2 and x / 2 can be "
                       "read"});
}

std::optional<Layer> rescaling_of(std::string_view type, const std::string& name,
                                  const KerasCall& call) {
  if (call.tensors.size() != 1 || call.numbers.size() != 1) return {};
  const auto [place, number] = call.numbers[0];
  const bool tensor_first = place == 1;
  if (type == "Multiply") return Rescaling({.scale = number, .name = name});
  if (type == "Add") return Rescaling({.offset = number, .name = name});
  if (type == "Subtract") {
    return tensor_first ? Rescaling({.offset = -number, .name = name})
                        : Rescaling({.scale = -1, .offset = number, .name = name});
  }
  if ((type == "Divide" || type == "TrueDivide") && tensor_first && number != 0) {
    return Rescaling({.scale = 1 / number, .name = name});
  }
  return {};
}

}  // namespace cornu::inline v0
