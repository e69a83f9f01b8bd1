#include "cornu/graph/graph.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "cornu/core/names.h"
#include "cornu/layers/input.h"

namespace cornu::inline v0 {
namespace {

// "dense", "dense_1", "dense_2": the name that a layer without one gets.
std::string numbered(const std::string& stem, int number) {
  return number == 0 ? stem : stem + "_" + std::to_string(number);
}

// f(path, layer, whether it and every layer around it is trainable), inner layers after outer ones.
template <class F>
void for_each_layer(const std::vector<Layer>& layers, const std::string& around, bool trainable,
                    const F& f) {
  for (const Layer& layer : layers) {
    const std::string path = around + layer.name();
    const bool trains = trainable && layer.trainable();
    f(path, layer, trains);
    for_each_layer(layer.description().layers(), path + "/", trains, f);
  }
}

}  // namespace

int Graph::add_input(const Shape& sample) {
  tensors_.push_back(sample.with_rows());
  writers_.push_back(-1);
  inputs_.push_back(static_cast<int>(tensors_.size()) - 1);
  return inputs_.back();
}

void Graph::give_name(Layer& layer) {
  if (places_.contains(layer.id())) return;
  const std::string& wish = layer.name();
  if (wish.empty()) {
    const std::string stem = snake_case(layer.type());
    int& number = next_numbers_[stem];
    while (names_.contains(numbered(stem, number))) ++number;
    layer.set_name(numbered(stem, number));
  } else if (names_.contains(wish)) {
    throw Error({.where = layer.where(),
                 .what = "another layer of this model has that name",
                 .hint = "names are unique in a model; give this one another name or none"});
  } else if (wish.find('/') != std::string::npos) {
    throw Error({.where = layer.where(),
                 .expected = "a name without \"/\", which stands between layer and weight"});
  } else {
    layer.set_name(wish);
  }
}

Shapes Graph::shapes(const std::vector<int>& tensors) const {
  Shapes shapes;
  for (int tensor : tensors) shapes.push_back(shape(tensor));
  return shapes;
}

std::vector<int> Graph::add(Layer layer, std::vector<int> in) {
  give_name(layer);
  const Shapes made = layer.description().output_shapes(shapes(in), layer.where());
  const auto [place, is_new] = places_.try_emplace(layer.id(), Place{layers_.size(), 0});
  ++place->second.uses;
  if (is_new) {
    names_.emplace(layer.name(), layers_.size());
    layers_.push_back(layer);
  }
  std::vector<int> out;
  for (const Shape& each : made) {
    tensors_.push_back(each);
    writers_.push_back(static_cast<int>(nodes_.size()));
    out.push_back(static_cast<int>(tensors_.size()) - 1);
  }
  nodes_.push_back({std::move(layer), std::move(in), out});
  return out;
}

void Graph::remove_last() {
  const Node node = std::move(nodes_.back());
  nodes_.pop_back();
  tensors_.resize(tensors_.size() - node.out.size());
  writers_.resize(tensors_.size());
  if (--places_.at(node.layer.id()).uses > 0) return;
  forget(node.layer);
}

void Graph::free_name(const std::string& name) {
  names_.erase(name);
  const auto is_free = [this](const std::string& stem, int number) {
    const auto next = next_numbers_.find(stem);
    if (next != next_numbers_.end()) next->second = std::min(next->second, number);
  };
  is_free(name, 0);
  const size_t end = name.rfind('_');
  int number = 0;
  if (end == std::string::npos) return;
  const auto read = std::from_chars(name.data() + end + 1, name.data() + name.size(), number);
  if (read.ec == std::errc() && number >= 0) is_free(name.substr(0, end), number);
}

// Removes a layer with its last use: its name, its weights' names and whether it trains.
void Graph::forget(const Layer& layer) {
  for_each_layer({layer}, "", true, [&](const std::string& path, const Layer& each, bool) {
    frozen_.erase(path);
    for (const Weight& weight : each.weights()) {
      if (weights_.erase(path + "/" + weight.name) > 0) listed_.erase(&weight);
    }
  });
  free_name(layer.name());
  places_.erase(layer.id());
  layers_.pop_back();
}

Graph Graph::clone() const {
  LayerClones made;
  return clone(made);
}

Graph Graph::clone(LayerClones& made) const {
  Graph copy = *this;
  copy.places_.clear();
  copy.weights_.clear();
  copy.listed_.clear();
  for (Layer& layer : copy.layers_) {
    const Place place = places_.at(layer.id());
    const std::string name = layer.name();
    layer = made.of(layer);
    layer.set_name(name);
    copy.places_.emplace(layer.id(), place);
  }
  for (Node& node : copy.nodes_) node.layer = made.of(node.layer);
  return copy;
}

void Graph::build(uint64_t seed) {
  for (Node& node : nodes_) build_node(node, seed);
  weights_.clear();
  listed_.clear();
  for (const Layer& layer : layers_) list_weights(layer);
}

void Graph::build_last(uint64_t seed) {
  Node& node = nodes_.back();
  build_node(node, seed);
  if (places_.at(node.layer.id()).uses > 1) return;
  list_weights(node.layer);
  for_each_layer({node.layer}, "", true, [&](const std::string& path, const Layer&, bool trains) {
    if (!trains) frozen_.insert(path);
  });
}

void Graph::build_node(Node& node, uint64_t seed) {
  node.layer.build(shapes(node.in), seed);
}

const Layer* Graph::find_layer(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : &layers_[found->second];
}

Weight* Graph::find_weight(const std::string& name) const {
  const auto found = weights_.find(name);
  return found == weights_.end() ? nullptr : found->second;
}

std::vector<std::string> Graph::input_names() const {
  std::map<int, const std::string*> name_of;
  for (const Node& node : nodes_) {
    if (node.layer.type() != Input::kType || node.in.size() != 1) continue;
    name_of.emplace(node.in[0], &node.layer.name());
  }
  std::vector<std::string> names;
  for (const int input : inputs_) {
    const auto found = name_of.find(input);
    names.push_back(found == name_of.end() ? "input_" + std::to_string(names.size())
                                           : *found->second);
  }
  return names;
}

std::vector<std::string> Graph::output_names() const {
  std::vector<std::string> names;
  std::set<std::string> taken;
  std::map<std::string, int> counts;
  for (const int output : outputs_) {
    const int writer = writers_[static_cast<size_t>(output)];
    const std::string layer =
        writer < 0 ? "input" : nodes_[static_cast<size_t>(writer)].layer.name();
    std::string name = layer;
    while (!taken.insert(name).second) name = layer + "_" + std::to_string(++counts[layer]);
    names.push_back(std::move(name));
  }
  return names;
}

void Graph::list_weights(const Layer& layer) {
  for_each_layer({layer}, "", true, [&](const std::string& path, Layer each, bool) {
    for (Weight& weight : each.weights()) {
      if (listed_.insert(&weight).second) weights_.emplace(path + "/" + weight.name, &weight);
    }
  });
}

std::vector<NamedWeight> Graph::weight_uses() const {
  std::vector<NamedWeight> all;
  for_each_layer(layers(), "", true, [&](const std::string& path, Layer layer, bool trains) {
    for (Weight& weight : layer.weights()) {
      all.push_back({path + "/" + weight.name, &weight, trains && weight.trainable});
    }
  });
  return all;
}

std::vector<NamedWeight> Graph::weights() const {
  std::vector<NamedWeight> unique;
  std::set<const Weight*> known;
  for (NamedWeight& each : weight_uses()) {
    if (known.insert(each.weight).second) unique.push_back(std::move(each));
  }
  return unique;
}

void Graph::fix_trainable() {
  frozen_.clear();
  for_each_layer(layers(), "", true, [&](const std::string& path, const Layer&, bool trains) {
    if (!trains) frozen_.insert(path);
  });
}

void Graph::declare(Builder& b) const {
  for (const std::string& path : frozen_) b.freeze(path);
  std::map<const Weight*, std::string> first_names;
  for (const NamedWeight& each : weight_uses()) {
    const auto [first, is_new] = first_names.emplace(each.weight, each.name);
    if (is_new) {
      b.declare_weight(each.name, each.weight->value.shape(), each.weight->trainable);
    } else {
      b.declare_same_weight(each.name, first->second);
    }
  }
}

// A user-defined layer may state other shapes than it makes, or make others in training.
void Graph::require_outputs(const Node& node, const Builder& b, const Slots& out, Mode mode) const {
  Shapes made;
  for (const SlotId each : out) made.push_back(b.slot(each).shape);
  const Shapes stated = shapes(node.out);
  if (made == stated) return;
  throw Error({.where = node.layer.where(),
               .what = "lower() makes other outputs in " + std::string(name(mode)) +
                       " than the network was made with",
               .expected = text(stated),
               .found = text(made)});
}

Slots Graph::lower(Builder& b, const Slots& x, Mode mode) const {
  std::map<int, SlotId> slot_of;
  for (size_t i = 0; i < x.size(); ++i) slot_of[inputs_[i]] = x[i];
  for (const Node& node : nodes_) {
    Slots in;
    for (const int tensor : node.in) in.push_back(slot_of.at(tensor));
    const auto scope = b.scope(node.layer.name());
    const Slots out = node.layer.description().lower(b, in, mode);
    require_outputs(node, b, out, mode);
    for (size_t i = 0; i < out.size(); ++i) slot_of[node.out[i]] = out[i];
  }
  Slots y;
  for (const int tensor : outputs_) y.push_back(slot_of.at(tensor));
  return y;
}

}  // namespace cornu::inline v0
