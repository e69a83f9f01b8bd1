#include "cornu/saving/network_config.h"

#include <algorithm>
#include <map>

#include "cornu/core/error.h"
#include "cornu/core/fields.h"

namespace cornu::inline v0 {

namespace {

/// Writes the layers of a network and of those within it, and remembers those already written.
class Writer {
 public:
  Value network(const Graph& graph, const std::string& around = "");
  Value chain(const Graph& graph);

 private:
  Value layer(const Layer& layer, const std::string& around);

  std::map<const void*, std::string> paths_;  ///< the path of each layer's first place
};

Value Writer::layer(const Layer& layer, const std::string& around) {
  Value::Map config = layer.description().config();
  for (auto& [field, value] : config) {
    if (field == "name") value = layer.name();
    if (field == "trainable") value = layer.trainable();
  }
  Value::Map map = {{"type", std::string(layer.type())}, {"config", config}};
  const std::string path = around + layer.name();
  const std::string& first = paths_.emplace(layer.id(), path).first->second;
  if (first != path) {
    map.emplace_back("same_as", first);
  } else if (const Graph* inside = layer.description().network()) {
    map.emplace_back("network", network(*inside, path + "/"));
  }
  return map;
}

Value Writer::chain(const Graph& graph) {
  Value::List layers;
  for (const Graph::Node& node : graph.nodes()) layers.push_back(layer(node.layer, ""));
  return layers;
}

Value Writer::network(const Graph& graph, const std::string& around) {
  Value::List inputs;
  std::map<int, int64_t> number_of;
  const auto count = [&number_of](int tensor) {
    number_of.emplace(tensor, static_cast<int64_t>(number_of.size()));
  };
  for (const int input : graph.inputs()) {
    inputs.push_back(to_value(graph.shape(input).without_rows()));
    count(input);
  }
  Value::List layer_configs;
  for (const Layer& each : graph.layers()) layer_configs.push_back(layer(each, around));
  Value::List calls;
  for (const Graph::Node& node : graph.nodes()) {
    Value::List in;
    for (const int tensor : node.in) in.emplace_back(number_of.at(tensor));
    const auto index = static_cast<int64_t>(graph.index_of(node.layer));
    calls.push_back(Value::Map{{"layer", index}, {"in", in}});
    for (const int tensor : node.out) count(tensor);
  }
  Value::List outputs;
  for (const int tensor : graph.outputs()) outputs.emplace_back(number_of.at(tensor));
  return Value::Map{
      {"inputs", inputs}, {"layers", layer_configs}, {"calls", calls}, {"outputs", outputs}};
}

}  // namespace

Value network_to_config(const Graph& graph) {
  return Writer().network(graph);
}

Value chain_to_config(const Graph& graph) {
  return Writer().chain(graph);
}

void check_count(const char* what, size_t count) {
  constexpr size_t kMost = 10'000;
  if (count <= kMost) return;
  throw Error({.kind = ErrorKind::corrupt,
               .expected = "at most 10,000 " + std::string(what),
               .found = std::to_string(count)});
}

size_t index_from_config(const Value& value, const char* what, size_t end) {
  const int64_t index = value.as_int();
  if (index >= 0 && static_cast<uint64_t>(index) < end) return static_cast<size_t>(index);
  throw Error({.kind = ErrorKind::corrupt,
               .expected = std::string(what) + " below " + std::to_string(end),
               .found = std::to_string(index)});
}

}  // namespace cornu::inline v0
