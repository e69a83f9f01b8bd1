#pragma once

#include <string>
#include <vector>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

/// A weight of a network under its whole name, "dense/kernel".
struct NamedWeight {
  std::string name;
  Weight* weight;
};

/// A network as data: layers as nodes, tensors between them by number, shapes with the batch axis
/// in front. No loop and no arithmetic.
class CORNU_API Graph {
 public:
  struct Node {
    Layer layer;
    std::vector<int> in, out;
  };

  /// A tensor that samples of this shape come in by.
  int add_input(const Shape& sample);
  /// A use of `layer`; names it when this is the first model it joins, after its class and
  /// counted a class. Error when the layer cannot take these tensors or its name is taken.
  std::vector<int> add(Layer layer, std::vector<int> in);
  void set_outputs(std::vector<int> outputs) { outputs_ = std::move(outputs); }
  /// Makes the weights of every layer that has none yet.
  void build(uint64_t seed);

  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<int>& inputs() const { return inputs_; }
  const std::vector<int>& outputs() const { return outputs_; }
  const Shape& shape(int tensor) const { return tensors_[static_cast<size_t>(tensor)]; }
  /// Each layer once, in order of first use.
  std::vector<Layer> layers() const;
  /// Every weight in model order, each shared one once.
  std::vector<NamedWeight> weights() const;

 private:
  Shapes shapes(const std::vector<int>& tensors) const;
  void give_name(Layer& layer) const;

  Shapes tensors_;
  std::vector<Node> nodes_;
  std::vector<int> inputs_, outputs_;
};

/// Names for layers that have none, counted a class: "dense", "dense_1".
CORNU_API std::string numbered_name(std::string_view type, const std::vector<std::string>& taken);

}  // namespace cornu::inline v0
