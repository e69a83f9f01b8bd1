#include "cornu/graph/graph.h"

#include <algorithm>
#include <utility>

#include "cornu/core/names.h"

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

void Graph::build(uint64_t seed) {
  for (Node& node : nodes_) node.layer.build(shapes(node.in), seed);
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

std::vector<NamedWeight> Graph::weights() const {
  std::vector<NamedWeight> all;
  std::vector<Layer> unique = layers();
  for (Layer& layer : unique) {
    for (Weight& weight : layer.weights())
      all.push_back({layer.name() + "/" + weight.name, &weight});
  }
  return all;
}

}  // namespace cornu::inline v0
