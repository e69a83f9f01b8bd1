#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/core/value.h"
#include "cornu/formats/file_kind.h"
#include "cornu/formats/json.h"
#include "cornu/interop/keras_call.h"
#include "cornu/interop/keras_part.h"
#include "cornu/layers/input.h"
#include "cornu/layers/table.h"
#include "cornu/models/keras_json.h"
#include "cornu/models/load_parts_internal.h"
#include "cornu/models/model_layer.h"
#include "cornu/saving/network_config.h"

namespace cornu::inline v0 {
namespace {

// A dtype, or what a policy of dtypes is called.
const Value& dtype_name(const Value& dtype) {
  const Value& name = value_under(value_under(dtype, "config"), "name");
  return name.is_string() ? name : dtype;
}

bool is_float32(const Value& dtype) {
  return dtype_name(dtype) == Value("float32");
}

bool is_of_keras_alone(std::string_view option) {
  return option.ends_with("_constraint") || option == "activity_regularizer" ||
         option == "data_format" || option == "lora_rank";
}

// Options that change nothing at these values.
const std::pair<std::string_view, Value> kNeutral[] = {
    {"data_format", "channels_last"},
    {"dim_ordering", "tf"},
    {"sparse", false},
    {"ragged", false},
    {"optional", false},
    {"autocast", true},
    {"synchronized", false},
    {"rms_scaling", false},
    {"renorm", false},
    {"renorm_momentum", 0.99},
    {"mode", 0},
    {"dropout", 0.0},
    {"groups", 1},  // of tf.keras's DepthwiseConv2D
};

// What Keras 1 and 2 said of the input, beside batch_input_shape.
constexpr std::string_view kOfInputs[] = {"input_dim", "input_length", "input_shape"};

bool is_neutral(const std::string& key, const Value& value) {
  if (std::ranges::find(kOfInputs, key) != std::end(kOfInputs)) return true;
  return std::ranges::any_of(
      kNeutral, [&](const auto& each) { return each.first == key && each.second == value; });
}

bool is_network(std::string_view class_name) {
  return class_name == "Sequential" || class_name == "Functional" || class_name == "Model";
}

// A layer's type and name, for errors: Dense "dense_1".
std::string where_of(const Value& document) {
  const Value* type = document.find("class_name");
  const Value* name = document.find("name");
  const Value* config = document.find("config");
  if (name == nullptr && config != nullptr) name = config->find("name");
  std::string where = type != nullptr && type->is_string() ? type->as_string() : "a layer";
  if (name != nullptr && name->is_string()) where += " \"" + name->as_string() + "\"";
  return where;
}

// Calls f and puts the layer's name into its errors.
template <class F>
auto named(const std::string& where, const F& f) {
  try {
    return f();
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    if (parts.where.find(where) == std::string::npos) {
      // A place such as "value" or "layers" adds nothing to the layer's name.
      const bool says_more =
          parts.where.find('"') != std::string::npos || parts.where.find(": ") != std::string::npos;
      parts.where = says_more ? where + ": " + parts.where : where;
    }
    throw Error(parts);
  }
}

/// Reads networks within networks.
class Reader {
 public:
  Reader(const KerasJsonOptions& options, std::string_view keras_version)
      : options_(options), is_old_(keras_version < "3" && !keras_version.empty()) {}

  Model network(const Value& document, int depth) {
    if (depth > kDeepestNetwork) throw Error({.expected = "networks at most 16 deep"});
    const std::string& type = document["class_name"].as_string();
    if (!is_network(type)) {
      throw Error({.expected = "a Sequential or Functional network, as model.to_json() gives it",
                   .found = type,
                   .hint = "a model of a class of its own has its network in code, which no file "
                           "holds; load_weights(path) sets the weights of an equal one"});
    }
    const Value& config = document["config"];
    // Keras 2.1 and before wrote a Sequential's layers alone.
    const Value& layers = config.is_list() ? config : config["layers"];
    check_count("layers", layers.as_list().size());
    const Value* name = config.is_map() ? config.find("name") : document.find("name");
    ModelOptions made{.name = name == nullptr ? "" : name->as_string(), .seed = options_.seed};
    return type == "Sequential" ? chain(config, layers.as_list(), std::move(made), depth)
                                : functional(config, std::move(made), depth);
  }

 private:
  /// A call of a layer.
  struct Call {
    Layer layer;
    std::string name, where;
    KerasCall arguments;
    int64_t number = 0;  ///< among the calls of the layer
    bool is_first = true;
  };

  Model chain(const Value& config, const Value::List& list, ModelOptions made, int depth) {
    std::vector<Layer> layers;
    for (const Value& each : list) {
      named(where_of(each), [&] {
        // tf.keras 2 writes the input's shape into the first layer.
        const Value* shape = each["config"].find("batch_input_shape");
        const bool is_input = each["class_name"] == Value("InputLayer");
        if (layers.empty() && shape != nullptr && !shape->is_null() && !is_input) {
          layers.push_back(Input(sample_of(*shape)));
        }
        layers.push_back(layer(each, depth));
        return 0;
      });
    }
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

  // The layers' calls. A layer that Keras calls on a number becomes a Rescaling.
  std::vector<Call> calls_of(const Value& list, std::map<TensorName, SymbolicTensor>& tensors,
                             int depth) {
    std::vector<Call> calls;
    for (const Value& each : list.as_list()) {
      const std::string where = where_of(each);
      named(where, [&] {
        const std::string& name = each["name"].as_string();
        std::vector<KerasCall> uses;
        for (const Value& node : each["inbound_nodes"].as_list()) {
          uses.push_back(keras_call(node));
        }
        const auto has_number = [](const KerasCall& use) { return !use.numbers.empty(); };
        if (std::ranges::any_of(uses, has_number)) {
          auto own = rescaling_of(class_of_layer(each), name, uses[0]);
          if (!own || uses.size() != 1) {
            throw Error(
                {.what = "is called on a number, which Cornu cannot represent",
                 .found = shortest(std::ranges::find_if(uses, has_number)->numbers[0].second),
                 .hint = "x + 2, x - 2, 2 - x, x * 2 and x / 2 can be read; write others "
                         "with layers"});
          }
          calls.push_back({*own, name, where, uses[0]});
          return 0;
        }
        const Layer own = layer(each, depth);
        if (own.type() == Input::kType) {
          tensors.insert_or_assign(TensorName(name, 0, 0), Input::from(own));
          return 0;
        }
        for (KerasCall& use : uses) calls.push_back({own, name, where, std::move(use)});
        return 0;
      });
    }
    return calls;
  }

  // Keras 2 counts a network's calls from 1: it called it once when it made it.
  static void number(std::vector<Call>& calls, std::vector<TensorName> used) {
    for (const Call& each : calls) {
      used.insert(used.end(), each.arguments.tensors.begin(), each.arguments.tensors.end());
    }
    std::map<std::string, int64_t> least;
    for (const auto& [name, call, output] : used) {
      int64_t& number = least.emplace(name, call).first->second;
      number = std::min(number, call);
    }
    std::map<std::string, int64_t> next;
    for (Call& each : calls) {
      const auto found = least.find(each.name);
      const bool counts = is_network(each.layer.type()) && found != least.end();
      const auto [number, is_first] = next.emplace(each.name, counts ? found->second : 0);
      each.is_first = is_first;
      each.number = number->second++;
    }
  }

  // Makes calls that stand in any order: always the first in the list whose input tensors exist.
  // Later calls of a layer come after earlier ones.
  static void make(const std::vector<Call>& calls, std::map<TensorName, SymbolicTensor>& tensors) {
    std::map<TensorName, std::vector<size_t>> waiting;  // the calls that need a tensor
    std::vector<size_t> missing(calls.size());          // tensors that a call needs still
    std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
    for (size_t i = 0; i < calls.size(); ++i) {
      const Call& call = calls[i];
      std::set<TensorName> needed(call.arguments.tensors.begin(), call.arguments.tensors.end());
      if (!call.is_first) needed.emplace(call.name, call.number - 1, 0);
      std::erase_if(needed, [&](const TensorName& each) { return tensors.contains(each); });
      for (const TensorName& each : needed) waiting[each].push_back(i);
      missing[i] = needed.size();
      if (needed.empty()) ready.push(i);
    }
    while (!ready.empty()) {
      const Call& call = calls[ready.top()];
      ready.pop();
      SymbolicTensors in;
      for (const TensorName& each : call.arguments.tensors) in.push_back(tensors.at(each));
      const SymbolicTensors out = named(call.where, [&] { return call.layer.call(in); });
      for (size_t i = 0; i < out.size(); ++i) {
        const TensorName name(call.name, call.number, static_cast<int64_t>(i));
        tensors.insert_or_assign(name, out[i]);
        for (const size_t next : waiting[name]) {
          if (--missing[next] == 0) ready.push(next);
        }
      }
    }
    for (size_t i = 0; i < calls.size(); ++i) {
      if (missing[i] == 0) continue;
      throw Error({.where = "layer \"" + calls[i].name + "\"",
                   .what = "is called on a tensor that no layer gives"});
    }
  }

  Model functional(const Value& config, ModelOptions made, int depth) {
    std::map<TensorName, SymbolicTensor> tensors;
    std::vector<Call> calls = calls_of(config["layers"], tensors, depth);
    number(calls, tensor_names(config["output_layers"]));
    make(calls, tensors);
    const auto ends = [&](const Value& list) {
      SymbolicTensors found;
      for (const TensorName& each : tensor_names(list)) {
        const auto at = tensors.find(each);
        if (at == tensors.end()) {
          throw Error({.where = "layer \"" + std::get<0>(each) + "\"",
                       .what = "an input or output is a tensor that no layer gives"});
        }
        found.push_back(at->second);
      }
      return found;
    };
    SymbolicTensors inputs = ends(config["input_layers"]);
    SymbolicTensors outputs = ends(config["output_layers"]);
    return Model(std::move(inputs), std::move(outputs), std::move(made));
  }

  // Keras may write a shared layer several times, each time with the same number.
  Layer layer(const Value& document, int depth) {
    const Value* number = document.find("shared_object_id");
    if (number == nullptr || !number->is_int()) return new_layer(document, depth);
    const auto found = shared_.find(number->as_int());
    if (found != shared_.end() && where_of(document) == found->second.second) {
      return found->second.first;
    }
    Layer made = new_layer(document, depth);
    shared_.insert_or_assign(number->as_int(), std::pair(made, where_of(document)));
    return made;
  }

  Layer new_layer(const Value& given_document, int depth) {
    const Value document = todays_layer(given_document);
    const std::string type = class_of_layer(document);
    const Value& given = document["config"];
    if (is_network(type)) {
      const Model inner = network(document, depth + 1);
      Layer made = model_layer(inner.graph(), inner.type(), inner.name());
      if (const Value* trainable = given.find("trainable"))
        made.set_trainable(trainable->as_bool());
      return made;
    }
    if (const auto* own = find_user_part<Layer>("layer", type)) return own_layer(*own, given);
    const LayerEntry& entry = layer_in_file(type);
    const std::string where = where_of(document);
    return entry.make(config_of(entry, given, where), where);
  }

  static Layer own_layer(const MakePart<Layer>& make, const Value& given) {
    Value::Map config;
    for (const auto& [key, value] : given.as_map()) {
      if (key != "dtype" || !is_float32(value)) config.emplace_back(key, plain(value));
    }
    return make(config).clone();  // else all of this type would share weights
  }

  // An option that has its name today, or had another one.
  static std::string todays_name(const LayerEntry& entry, const std::vector<std::string>& fields,
                                 const std::string& name) {
    if (std::ranges::find(fields, name) != fields.end()) return name;
    const auto old = std::ranges::find(entry.old_names, name, &OldName::old);
    return old == entry.old_names.end() ? name : std::string(old->today);
  }

  Value::Map config_of(const LayerEntry& entry, const Value& given, const std::string& where) {
    const std::vector<std::string> fields = entry.fields();
    const bool is_input = entry.name == Input::kType;
    Value::Map config;
    for (const auto& [given_key, value] : given.as_map()) {
      const std::string key = todays_name(entry, fields, given_key);
      const bool is_option = std::ranges::find(fields, key) != fields.end();
      if (value.is_null() || (!is_option && is_neutral(key, value))) continue;
      if (key == "input_dtype" && value == Value("int32")) continue;  // Keras 1's Embedding
      if (key == "dtype" || key == "input_dtype") {
        if (is_input || is_float32(value)) continue;
        throw Error(
            {.where = where, .expected = "dtype float32", .found = dtype_name(value).str()});
      }
      if (key == "batch_shape" || key == "batch_input_shape") {
        if (is_input) config.emplace_back("shape", to_value(sample_of(value)));
        continue;
      }
      if (key == "seed" && value.is_map()) continue;  // the state of a generator
      if (!is_option && is_of_keras_alone(key)) {
        const std::string chosen = value.is_string() ? "=" + value.as_string() : "";
        throw Error({.where = where, .what = "Keras has " + key + chosen + ", Cornu has not"});
      }
      if (is_old_ && key == "activation") check_old_activation(plain(value), where);
      // A list of one axis is that axis.
      const bool one_axis = key == "axis" && value.is_list() && value.as_list().size() == 1;
      config.emplace_back(key, one_axis              ? value.as_list()[0]
                               : key == "activation" ? activation_of(value, where)
                                                     : plain(value));
    }
    return config;
  }

  // A name, or a layer, whose options are read as a layer's.
  Value activation_of(const Value& value, const std::string& where) {
    const Value& type = value_under(value, "class_name");
    const LayerEntry* const entry =
        type.is_string() ? find_layer(class_of(type.as_string())) : nullptr;
    if (entry == nullptr) return plain(value);
    return to_value(NamedConfig{.name = std::string(entry->name),
                                .config = config_of(*entry, value["config"], where)});
  }

  // Of all activations this one alone gives other numbers in Keras 3.
  static void check_old_activation(const Value& activation, const std::string& where) {
    if (activation != Value("hard_sigmoid")) return;
    throw Error(
        {.kind = ErrorKind::unsupported,
         .where = where,
         .what = "has hard_sigmoid as Keras 1 and 2 computed it, 0.2 x + 0.5 within 0 and 1, "
                 "which Cornu has not",
         .hint = "Keras 3 and Cornu compute x / 6 + 0.5: build the network anew, with "
                 "Rescaling(1.2) before Activation(\"hard_sigmoid\"), and load_weights(path)"});
  }

  // (28, 28) for (None, 28, 28) and for (2, 28, 28): a network takes batches of any size.
  Shape sample_of(const Value& batch_shape) const {
    const Value::List& extents = batch_shape.as_list();
    if (extents.empty()) {
      throw Error(
          {.expected = "a shape that begins with the batch's axis", .found = batch_shape.str()});
    }
    const Value::List sample(extents.begin() + 1, extents.end());
    for (size_t axis = 0; axis < sample.size(); ++axis) {
      if (!sample[axis].is_null()) continue;
      if (options_.sample && fits(*options_.sample, sample)) return *options_.sample;
      throw Error({.what = "axis " + std::to_string(axis + 1) + " of its shape has no fixed extent",
                   .expected = "an extent for every axis but the batch's",
                   .found = batch_shape.str(),
                   .hint = "write it into the network, or give the sample's shape: "
                           "model_from_json(json, {.sample = Shape{…}})"});
    }
    Shape shape;
    from_value(Value(sample), shape);
    return shape;
  }

  static bool fits(const Shape& given, const Value::List& sample) {
    if (given.ndim() != static_cast<int>(sample.size())) return false;
    for (size_t axis = 0; axis < sample.size(); ++axis) {
      if (!sample[axis].is_null() && sample[axis].as_int() != given.extents()[axis]) return false;
    }
    return true;
  }

  const KerasJsonOptions& options_;
  bool is_old_;  ///< written by Keras 1 or 2
  std::map<int64_t, std::pair<Layer, std::string>> shared_;
};

}  // namespace

Model model_from_json(std::string_view json, const KerasJsonOptions& options) {
  const std::span bytes(reinterpret_cast<const std::byte*>(json.data()), json.size());
  const formats::FileKind kind = formats::foreign_kind(bytes);
  if (!kind.name.empty() && kind.name != formats::kJsonText) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = options.where,
                 .what = "is " + kind.name,
                 .expected = "JSON text, as Keras's model.to_json() gives it",
                 .hint = kind.hint});
  }
  return model_from_document(formats::read_json(json, options.where), options);
}

Model model_from_document(const Value& document, const KerasJsonOptions& options,
                          std::string_view keras_version) {
  if (const Value& own = value_under(document, "keras_version");
      keras_version.empty() && own.is_string()) {
    keras_version = own.as_string();
  }
  const LoadedParts own(options.custom_objects);
  const UserParts::Scope scope(own);
  try {
    return Reader(options, keras_version).network(document, 0);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.where = parts.where.empty() ? options.where : options.where + ": " + parts.where;
    throw Error(parts);
  }
}

}  // namespace cornu::inline v0
