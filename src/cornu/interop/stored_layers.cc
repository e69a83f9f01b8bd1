#include "cornu/interop/stored_layers.h"

#include <map>
#include <utility>

#include "cornu/core/names.h"
#include "cornu/interop/keras_part.h"
#include "cornu/layers/input.h"

namespace cornu::inline v0 {
namespace {

void add_weights(const StoredLayer& stored, bool trainable, std::vector<NamedWeight>& all) {
  if (!stored.layer) return;
  Layer layer = *stored.layer;
  trainable = trainable && layer.trainable();
  for (Weight& weight : layer.weights()) {
    all.push_back({stored.name + "/" + weight.name, &weight, trainable && weight.trainable});
  }
  for (const StoredLayer& each : stored.inside) add_weights(each, trainable, all);
}

// A layer of classes of the user's may hold others, which no description of the network lists.
std::vector<StoredLayer> layers_within(const Layer& layer) {
  std::vector<StoredLayer> all;
  std::map<std::string, int> counts;
  for (const Layer& each : layer.description().layers()) {
    const std::string stem = snake_case(each.type());
    const int count = counts[stem]++;
    all.push_back({.group = count == 0 ? stem : stem + "_" + std::to_string(count),
                   .name = each.name(),
                   .layer = each,
                   .inside = layers_within(each)});
  }
  return all;
}

}  // namespace

std::vector<NamedWeight> StoredLayer::weights() const {
  std::vector<NamedWeight> all;
  add_weights(*this, true, all);
  return all;
}

std::vector<NamedWeight> trained_weights(const std::vector<StoredLayer>& layers,
                                         const Graph& graph) {
  std::map<const Weight*, NamedWeight> by_weight;
  for (const NamedWeight& each : graph.weights()) by_weight.emplace(each.weight, each);
  std::vector<NamedWeight> trained;
  for (const StoredLayer& layer : layers) {
    for (const NamedWeight& each : layer.weights()) {
      const auto found = by_weight.find(each.weight);
      if (found == by_weight.end()) continue;
      if (found->second.trainable) trained.push_back(found->second);
      by_weight.erase(found);
    }
  }
  return trained;
}

namespace {

const Layer* chain_layer(const Graph& graph, size_t place) {
  for (const Layer& each : graph.layers()) {
    if (each.type() != Input::kType && place-- == 0) return &each;
  }
  return nullptr;
}

// Keras wrote no name of a Sequential in another one until 2.2: it has the name that it got here.
std::string name_of(const Value& document, const Layer* in_chain) {
  for (const Value* const map : {&document["config"], &document}) {
    const Value& name = value_under(*map, "name");
    if (name.is_string()) return name.as_string();
  }
  return in_chain == nullptr ? "" : in_chain->name();
}

}  // namespace

std::vector<StoredLayer> stored_layers(const Value& network, const Graph& graph) {
  const bool is_chain = network["class_name"] == Value("Sequential");
  const Value& config = network["config"];
  const Value& list = config.is_list() ? config : config["layers"];
  std::vector<StoredLayer> all;
  std::map<std::string, int> counts;
  for (const Value& each : list.as_list()) {
    const std::string& type = each["class_name"].as_string();
    if (is_chain && type == Input::kType) continue;
    const std::string stem = snake_case(type);
    const int count = counts[stem]++;
    StoredLayer stored{.group = count == 0 ? stem : stem + "_" + std::to_string(count),
                       .name = name_of(each, is_chain ? chain_layer(graph, all.size()) : nullptr),
                       .layer = {},
                       .inside = {}};
    if (const Layer* found = graph.find_layer(stored.name)) {
      stored.layer = *found;
      const Graph* inside = found->description().network();
      stored.inside = inside == nullptr ? layers_within(*found) : stored_layers(each, *inside);
    }
    all.push_back(std::move(stored));
  }
  return all;
}

}  // namespace cornu::inline v0
