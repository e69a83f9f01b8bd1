#include "cornu/graph/graph.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cornu/core/names.h"
#include "cornu/layers/input.h"

namespace cornu::inline v0 {

std::string numbered_name(std::string_view type, const std::vector<std::string>& taken) {
  const std::string stem = snake_case(type);
  std::string name = stem;
  for (int count = 1; std::find(taken.begin(), taken.end(), name) != taken.end(); ++count) {
    name = stem + "_" + std::to_string(count);
  }
  return name;
}

int Graph::add_input(const Shape& sample) {
  tensors_.push_back(sample.with_rows());
  inputs_.push_back(static_cast<int>(tensors_.size()) - 1);
  return inputs_.back();
}

void Graph::give_name(Layer& layer) const {
  std::vector<std::string> taken;
  for (const Layer& each : layers()) {
    if (each == layer) return;
    taken.push_back(each.name());
  }
  const std::string& wish = layer.name();
  if (wish.empty()) {
    layer.set_name(numbered_name(layer.type(), taken));
  } else if (std::find(taken.begin(), taken.end(), wish) != taken.end()) {
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
  std::vector<int> out;
  for (const Shape& each : made) {
    tensors_.push_back(each);
    out.push_back(static_cast<int>(tensors_.size()) - 1);
  }
  nodes_.push_back({std::move(layer), std::move(in), out});
  return out;
}

Graph Graph::clone() const {
  const std::vector<Layer> old_layers = layers();
  std::vector<Layer> new_layers;
  for (const Layer& layer : old_layers) {
    new_layers.push_back(layer.clone());
    new_layers.back().set_name(layer.name());
  }
  Graph copy = *this;
  for (Node& node : copy.nodes_) {
    const auto at = std::find(old_layers.begin(), old_layers.end(), node.layer);
    node.layer = new_layers[static_cast<size_t>(at - old_layers.begin())];
  }
  return copy;
}

void Graph::build(uint64_t seed) {
  for (Node& node : nodes_) {
    if (const Graph* inside = node.layer.description().network()) {
      Graph network = *inside;  // shares the layers
      network.build(seed);
    }
    node.layer.build(shapes(node.in), seed);
  }
}

std::vector<Layer> Graph::layers() const {
  std::vector<Layer> unique;
  for (const Node& node : nodes_) {
    if (std::find(unique.begin(), unique.end(), node.layer) == unique.end()) {
      unique.push_back(node.layer);
    }
  }
  return unique;
}

std::vector<std::string> Graph::input_names() const {
  std::vector<std::string> names;
  for (const int input : inputs_) {
    const auto reader = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& node) {
      return node.layer.type() == Input::kType && node.in == std::vector<int>{input};
    });
    names.push_back(reader == nodes_.end() ? "input_" + std::to_string(names.size())
                                           : reader->layer.name());
  }
  return names;
}

std::vector<std::string> Graph::output_names() const {
  std::vector<std::string> names;
  for (const int output : outputs_) {
    const auto writer = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& node) {
      return std::find(node.out.begin(), node.out.end(), output) != node.out.end();
    });
    std::string name = writer == nodes_.end() ? "input" : writer->layer.name();
    const auto same = std::count(names.begin(), names.end(), name);
    names.push_back(same == 0 ? name : name + "_" + std::to_string(same));
  }
  return names;
}

namespace {

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
  for (NamedWeight& each : weight_uses()) {
    const bool known = std::any_of(unique.begin(), unique.end(), [&](const NamedWeight& other) {
      return other.weight == each.weight;
    });
    if (!known) unique.push_back(std::move(each));
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

Slots Graph::lower(Builder& b, const Slots& x, Mode mode) const {
  std::map<int, SlotId> slot_of;
  for (size_t i = 0; i < x.size(); ++i) slot_of[inputs_[i]] = x[i];
  for (const Node& node : nodes_) {
    Slots in;
    for (const int tensor : node.in) in.push_back(slot_of.at(tensor));
    const auto scope = b.scope(node.layer.name());
    const Slots out = node.layer.description().lower(b, in, mode);
    for (size_t i = 0; i < out.size(); ++i) slot_of[node.out[i]] = out[i];
  }
  Slots y;
  for (const int tensor : outputs_) y.push_back(slot_of.at(tensor));
  return y;
}

}  // namespace cornu::inline v0
