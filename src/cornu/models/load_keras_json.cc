#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/formats/json.h"
#include "cornu/layers/input.h"
#include "cornu/layers/table.h"
#include "cornu/models/keras_json.h"
#include "cornu/models/model_layer.h"
#include "cornu/saving/network_config.h"

namespace cornu::inline v0 {
namespace {

/// An option as Keras writes it: parts without their module and registered name, and nothing that
/// is None, which stands for the default.
Value plain(const Value& value) {
  if (value.is_list()) {
    Value::List list;
    for (const Value& each : value.as_list()) list.push_back(plain(each));
    return list;
  }
  if (!value.is_map()) return value;
  const Value* class_name = value.find("class_name");
  if (class_name == nullptr) return value;
  const Value* config = value.find("config");
  // A function, such as an activation, may be written as one that is registered.
  if (*class_name == Value("function") && config != nullptr) return *config;
  NamedConfig part{.name = class_name->as_string()};
  if (config != nullptr && config->is_map()) {
    for (const auto& [key, option] : config->as_map()) {
      if (!option.is_null()) part.config.emplace_back(key, plain(option));
    }
  }
  return to_value(part);
}

bool is_float32(const Value& dtype) {
  if (dtype.is_string()) return dtype.as_string() == "float32";
  const Value* config = dtype.find("config");
  const Value* name = config == nullptr ? nullptr : config->find("name");
  return name != nullptr && *name == Value("float32");
}

// What changes nothing, at the value it has then.
const std::pair<std::string_view, Value> kNeutral[] = {
    {"data_format", "channels_last"},
    {"sparse", false},
    {"ragged", false},
    {"optional", false},
    {"autocast", true},
    {"synchronized", false},
    {"rms_scaling", false},
    {"renorm", false},
    {"renorm_momentum", 0.99},
};

bool is_neutral(const std::string& key, const Value& value) {
  return std::ranges::any_of(
      kNeutral, [&](const auto& each) { return each.first == key && each.second == value; });
}

bool is_network(std::string_view class_name) {
  return class_name == "Sequential" || class_name == "Functional" || class_name == "Model";
}

/// Reads networks within networks.
class Reader {
 public:
  explicit Reader(const KerasJsonOptions& options) : options_(options) {}

  Model network(const Value& document, int depth) const {
    if (depth > kDeepestNetwork) throw Error({.expected = "networks at most 16 deep"});
    const std::string& type = document["class_name"].as_string();
    if (!is_network(type)) {
      throw Error({.expected = "a Sequential or Functional network, as model.to_json() gives it",
                   .found = type});
    }
    const Value& config = document["config"];
    check_count("layers", config["layers"].as_list().size());
    ModelOptions made{.name = config["name"].as_string(), .seed = options_.seed};
    return type == "Sequential" ? chain(config, std::move(made), depth)
                                : functional(config, std::move(made), depth);
  }

 private:
  Model chain(const Value& config, ModelOptions made, int depth) const {
    std::vector<Layer> layers;
    for (const Value& each : config["layers"].as_list()) layers.push_back(layer(each, depth));
    Sequential model(std::move(layers), std::move(made));
    if (model.built()) return model;
    if (const Value* shape = config.find("build_input_shape");
        shape != nullptr && !shape->is_null()) {
      model.build(sample_of(*shape));
    } else if (options_.sample) {
      model.build(*options_.sample);
    } else {
      throw Error({.what = "does not say what samples are like",
                   .hint = "begin the Sequential with keras.Input, or give the sample's shape"});
    }
    return model;
  }

  // Calls of layers in any order: each is made when the tensors it is called on are there.
  Model functional(const Value& config, ModelOptions made, int depth) const {
    struct Call {
      Layer layer;
      std::string name;
      const Value* node;
    };
    std::map<Value::List, SymbolicTensor, Before> tensors;
    std::vector<Call> calls;
    for (const Value& each : config["layers"].as_list()) {
      const std::string& name = each["name"].as_string();
      Layer own = layer(each, depth);
      if (own.type() == Input::kType) {
        tensors.insert_or_assign(history(name, 0, 0), Input::from(own));
        continue;
      }
      for (const Value& node : each["inbound_nodes"].as_list()) calls.push_back({own, name, &node});
    }
    std::map<std::string, int64_t> called;
    while (!calls.empty()) {
      const size_t before = calls.size();
      std::vector<Call> waiting;
      std::map<std::string, bool> waits;  // later calls of a layer come after earlier ones
      for (Call& call : calls) {
        const std::vector<Value::List> from = tensors_of(*call.node);
        const bool ready = !waits[call.name] && std::ranges::all_of(from, [&](const auto& each) {
          return tensors.contains(each);
        });
        if (!ready) {
          waits[call.name] = true;
          waiting.push_back(std::move(call));
          continue;
        }
        SymbolicTensors in;
        for (const Value::List& each : from) in.push_back(tensors.at(each));
        const SymbolicTensors out = call.layer.call(in);
        const int64_t number = called[call.name]++;
        for (size_t i = 0; i < out.size(); ++i) {
          tensors.insert_or_assign(history(call.name, number, static_cast<int64_t>(i)), out[i]);
        }
      }
      calls = std::move(waiting);
      if (calls.size() == before) {
        throw Error({.where = "layer \"" + calls[0].name + "\"",
                     .what = "is called on a tensor that no layer gives"});
      }
    }
    const auto ends = [&](const Value& list) {
      SymbolicTensors found;
      for (const Value::List& each : ends_of(list)) {
        const auto at = tensors.find(each);
        if (at == tensors.end()) {
          throw Error({.what = "an input or output is a tensor that no layer gives",
                       .found = Value(each).str()});
        }
        found.push_back(at->second);
      }
      return found;
    };
    SymbolicTensors inputs = ends(config["input_layers"]);
    SymbolicTensors outputs = ends(config["output_layers"]);
    return Model(std::move(inputs), std::move(outputs), std::move(made));
  }

  Layer layer(const Value& document, int depth) const {
    const std::string& type = document["class_name"].as_string();
    const Value& given = document["config"];
    if (is_network(type)) {
      const Model inner = network(document, depth + 1);
      Layer made = model_layer(inner.graph(), inner.type(), inner.name());
      if (const Value* trainable = given.find("trainable"))
        made.set_trainable(trainable->as_bool());
      return made;
    }
    const LayerEntry& entry = layer_entry(type);
    const Value* name = given.find("name");
    const std::string where = type + (name == nullptr ? "" : " \"" + name->as_string() + "\"");
    return entry.make(config_of(entry, given, where), where);
  }

  static Value::Map config_of(const LayerEntry& entry, const Value& given,
                              const std::string& where) {
    const std::vector<std::string> fields = entry.fields();
    const bool is_input = entry.type == Input::kType;
    Value::Map config;
    for (const auto& [key, value] : given.as_map()) {
      if (value.is_null() || is_neutral(key, value)) continue;
      if (key == "dtype") {
        if (is_input || is_float32(value)) continue;
        throw Error({.where = where, .expected = "dtype float32", .found = value.str()});
      }
      if (is_input && (key == "batch_shape" || key == "batch_input_shape")) {
        config.emplace_back("shape", to_value(sample_of(value)));
        continue;
      }
      const bool known = std::ranges::find(fields, key) != fields.end();
      if (!known && key == "seed") continue;  // Cornu draws by the model's
      if (!known && key.ends_with("_constraint")) {
        throw Error({.where = where, .what = "Keras has " + key + ", Cornu has not"});
      }
      // A list of one axis is that axis.
      const bool one_axis = key == "axis" && value.is_list() && value.as_list().size() == 1;
      config.emplace_back(key, one_axis ? value.as_list()[0] : plain(value));
    }
    return config;
  }

  static Shape sample_of(const Value& batch_shape) {
    const Value::List& extents = batch_shape.as_list();
    if (extents.empty() || !extents[0].is_null()) {
      throw Error(
          {.expected = "a shape that begins with the batch's null", .found = batch_shape.str()});
    }
    Shape sample;
    from_value(Value(Value::List(extents.begin() + 1, extents.end())), sample);
    return sample;
  }

  static Value::List history(std::string name, int64_t call, int64_t output) {
    return {std::move(name), call, output};
  }

  // The tensors of a call, which are its arguments or lists of them.
  static std::vector<Value::List> tensors_of(const Value& node) {
    std::vector<Value::List> all;
    const auto add = [&all](const Value& tensor) {
      if (tensor["class_name"].as_string() != "__keras_tensor__") {
        throw Error({.expected = "tensors as arguments of layers", .found = tensor.str()});
      }
      all.push_back(checked(tensor["config"]["keras_history"]));
    };
    for (const Value& argument : node["args"].as_list()) {
      if (!argument.is_list()) {
        add(argument);
        continue;
      }
      for (const Value& each : argument.as_list()) add(each);
    }
    return all;
  }

  // One end, or a list of them.
  static std::vector<Value::List> ends_of(const Value& list) {
    if (!list.as_list().empty() && list.as_list()[0].is_string()) return {checked(list)};
    std::vector<Value::List> all;
    for (const Value& each : list.as_list()) all.push_back(checked(each));
    return all;
  }

  static Value::List checked(const Value& history) {
    const Value::List& parts = history.as_list();
    if (parts.size() == 3 && parts[0].is_string() && parts[1].is_int() && parts[2].is_int()) {
      return parts;
    }
    throw Error({.expected = "a tensor as [layer, call, output]", .found = history.str()});
  }

  struct Before {
    bool operator()(const Value::List& a, const Value::List& b) const {
      const auto key = [](const Value::List& x) {
        return std::tuple(x[0].as_string(), x[1].as_int(), x[2].as_int());
      };
      return key(a) < key(b);
    }
  };

  const KerasJsonOptions& options_;
};

}  // namespace

Model model_from_json(std::string_view json, const KerasJsonOptions& options) {
  const Value document = formats::read_json(json, options.where);
  try {
    return Reader(options).network(document, 0);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.where = parts.where.empty() ? options.where : options.where + ": " + parts.where;
    throw Error(parts);
  }
}

}  // namespace cornu::inline v0
