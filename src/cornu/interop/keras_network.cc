#include "cornu/interop/keras_network.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/interop/keras_part.h"
#include "cornu/layers/input.h"
#include "cornu/layers/table.h"

namespace cornu::inline v0 {
namespace {

/// The call of a layer that gives a tensor, and as which of its outputs: Keras's keras_history.
struct Origin {
  std::string layer;
  int64_t call = 0, output = 0;
};

Value history_of(const Origin& origin) {
  return Value::List{origin.layer, origin.call, origin.output};
}

// With null for the batch's axis.
Value batch_shape_of(const Shape& shape) {
  Value::List list;
  for (const int64_t extent : shape.extents()) {
    list.push_back(extent == kRows ? Value() : Value(extent));
  }
  return list;
}

Value float32_policy() {
  return keras_object("keras", "DTypePolicy", {{"name", "float32"}});
}

// Strides that are not set are those of the window.
bool is_unset(const std::string& option, const Value& value) {
  if (option == "strides") return value.is_list() && value.as_list().empty();
  return option == "seed" && value.is_int() && value.as_int() < 0;
}

// The module of the part that an option of this name holds; an activation with options is a layer.
std::string module_of(const std::string& option) {
  if (option.ends_with("initializer")) return "keras.initializers";
  if (option.ends_with("regularizer")) return "keras.regularizers";
  return option == "activation" ? "keras.layers" : "";
}

// As Keras writes an option: null for one that is not set; parts with their module.
Value as_keras(const std::string& option, const Value& value) {
  if (is_unset(option, value)) return {};
  if (!value.is_map() || value.find("class_name") == nullptr) return value;
  const std::string module = module_of(option);
  if (module.empty()) return value;
  Value::Map config = value["config"].as_map();
  for (auto& [name, inner] : config) inner = as_keras(name, inner);
  return keras_object(module, value["class_name"].as_string(), std::move(config));
}

Value::Map input_object(const std::string& name, const Shape& shape) {
  return keras_object("keras.layers", Input::kType,
                      {{"batch_shape", batch_shape_of(shape)},
                       {"dtype", "float32"},
                       {"sparse", false},
                       {"ragged", false},
                       {"name", name}});
}

bool is_input(const Graph::Node& node) {
  return node.layer.type() == Input::kType;
}

Value::Map network_object(const Graph& graph, std::string_view type, const std::string& name);

Value::Map layer_object(const Layer& layer) {
  const LayerDescription& description = layer.description();
  if (const Graph* inside = description.network()) {
    return network_object(*inside, layer.type(), layer.name());
  }
  Value::Map config = {{"name", layer.name()}, {"dtype", float32_policy()}};
  // The constructors of SpatialDropout1D and 2D do not take it.
  if (!layer.type().starts_with("SpatialDropout")) {
    config.insert(config.begin() + 1, {"trainable", layer.trainable()});
  }
  for (const auto& [option, value] : description.config()) {
    if (option == "name" || option == "trainable" || option == "dtype") continue;
    config.emplace_back(option, as_keras(option, value));
  }
  // A user-defined layer is of no module of Keras's.
  const bool is_known = part_table<Layer>().find_known(layer.type()) != nullptr;
  return keras_object(is_known ? Value("keras.layers") : Value(), layer.type(), std::move(config));
}

Value::Map chain_config(const Graph& graph, const std::string& name) {
  const Shape& shape = graph.shape(graph.inputs()[0]);
  Value::List layers;
  if (graph.nodes().empty() || !is_input(graph.nodes()[0])) {
    layers.emplace_back(input_object("input_layer", shape));
  }
  for (const Graph::Node& node : graph.nodes()) {
    layers.emplace_back(is_input(node) ? input_object(node.layer.name(), shape)
                                       : layer_object(node.layer));
  }
  return {{"name", name},
          {"trainable", true},
          {"dtype", float32_policy()},
          {"layers", std::move(layers)},
          {"build_input_shape", batch_shape_of(shape)}};
}

/// The layers of a network of any shape, each with the calls of it.
class Calls {
 public:
  explicit Calls(const Graph& graph) : graph_(graph) {
    for (const Layer& layer : graph.layers()) names_.insert(layer.name());
    for (const Graph::Node& node : graph.nodes()) {
      if (is_input(node)) add_input(node.layer.name(), node.in[0], node.out[0]);
    }
    for (const int tensor : graph.inputs()) {
      if (!origins_.contains(tensor)) add_input(free_name(), tensor, tensor);
    }
    for (const Graph::Node& node : graph.nodes()) {
      if (!is_input(node)) add_call(node);
    }
  }

  Value layers() const {
    Value::List list;
    for (const Called& each : called_) {
      Value::Map map = each.object;
      map.emplace_back("name", each.name);
      map.emplace_back("inbound_nodes", each.calls);
      list.emplace_back(std::move(map));
    }
    return list;
  }

  /// Keras writes one tensor without a list around it.
  Value ends(const std::vector<int>& tensors) const {
    if (tensors.size() == 1) return history_of(origins_.at(tensors[0]));
    Value::List list;
    for (const int tensor : tensors) list.push_back(history_of(origins_.at(tensor)));
    return list;
  }

 private:
  struct Called {
    std::string name;
    Value::Map object;
    Value::List calls = {};
  };

  std::string free_name() {
    std::string name = "input_layer";
    for (int number = 1; !names_.insert(name).second; ++number) {
      name = "input_layer_" + std::to_string(number);
    }
    return name;
  }

  void add_input(const std::string& name, int in, int out) {
    origins_.insert_or_assign(in, Origin{name});
    origins_.insert_or_assign(out, Origin{name});
    called_.push_back({name, input_object(name, graph_.shape(out))});
  }

  void add_call(const Graph::Node& node) {
    const auto [place, is_new] = places_.emplace(node.layer.id(), called_.size());
    if (is_new) called_.push_back({node.layer.name(), layer_object(node.layer)});
    Called& called = called_[place->second];
    Value::List tensors;
    for (const int tensor : node.in) tensors.push_back(argument(tensor));
    const Value given = tensors.size() == 1 ? tensors[0] : Value(tensors);
    const auto call = static_cast<int64_t>(called.calls.size());
    called.calls.emplace_back(Value::Map{{"args", Value::List{given}}, {"kwargs", Value::Map{}}});
    for (size_t i = 0; i < node.out.size(); ++i) {
      origins_.insert_or_assign(node.out[i], Origin{called.name, call, static_cast<int64_t>(i)});
    }
  }

  Value argument(int tensor) const {
    return Value::Map{{"class_name", "__keras_tensor__"},
                      {"config", Value::Map{{"shape", batch_shape_of(graph_.shape(tensor))},
                                            {"dtype", "float32"},
                                            {"keras_history", history_of(origins_.at(tensor))}}}};
  }

  const Graph& graph_;
  std::set<std::string> names_;
  std::map<int, Origin> origins_;
  std::map<const void*, size_t> places_;  ///< in called_, by Layer::id()
  std::vector<Called> called_;
};

Value::Map functional_config(const Graph& graph, const std::string& name) {
  const Calls calls(graph);
  return {{"name", name},
          {"trainable", true},
          {"layers", calls.layers()},
          {"input_layers", calls.ends(graph.inputs())},
          {"output_layers", calls.ends(graph.outputs())}};
}

Value::Map network_object(const Graph& graph, std::string_view type, const std::string& name) {
  if (type == "Sequential") return keras_object("keras", type, chain_config(graph, name));
  return keras_object("keras.src.models.functional", "Functional", functional_config(graph, name));
}

}  // namespace

Value network_to_keras(const Graph& graph, std::string_view type, const std::string& name) {
  return network_object(graph, type, name);
}

}  // namespace cornu::inline v0
