#include "cornu/models/model_layer.h"

#include <map>
#include <utility>

namespace cornu::inline v0 {
namespace {

class Description final : public LayerDescription {
 public:
  Description(Graph graph, std::string_view type, std::string name)
      : graph_(std::move(graph)), type_(type), name_(std::move(name)) {}

  std::string_view type() const override { return type_; }
  // A network is no list of options: saving/ writes it node by node.
  Value::Map config() const override { return {{"name", name_}}; }
  const std::string& name() const override { return name_; }
  const Graph* network() const override { return &graph_; }

  bool takes(size_t inputs) const override { return inputs == graph_.inputs().size(); }
  Shapes output_shapes(const Shapes& x, const std::string& where) const override {
    Shapes expected = shapes_of(graph_.inputs());
    if (x != expected) {
      throw Error({.where = where, .expected = inputs(expected), .found = inputs(x)});
    }
    return shapes_of(graph_.outputs());
  }

  Slots lower(Builder& b, Slots x, Mode mode) const override { return graph_.lower(b, x, mode); }
  std::vector<Layer> layers() const override { return graph_.layers(); }

  void build_inside(const Shapes&, uint64_t seed) const override {
    Graph network = graph_;  // shares the layers
    network.build(seed);
  }
  std::optional<Layer> clone(LayerClones& made) const override {
    return model_layer(graph_.clone(made), type_, name_);
  }

 private:
  Shapes shapes_of(const std::vector<int>& tensors) const {
    Shapes shapes;
    for (const int tensor : tensors) shapes.push_back(graph_.shape(tensor));
    return shapes;
  }

  static std::string inputs(const Shapes& shapes) {
    return (shapes.size() == 1 ? "an input of shape " : "inputs of shapes ") + text(shapes);
  }

  Graph graph_;
  std::string type_, name_;
};

}  // namespace

Layer model_layer(Graph graph, std::string_view type, std::string name) {
  return Layer(std::make_shared<Description>(std::move(graph), type, std::move(name)));
}

}  // namespace cornu::inline v0
