#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

/// A weight of a network under its whole name, "dense/kernel" or "encoder/dense/kernel".
struct NamedWeight {
  std::string name;
  Weight* weight;
  bool trainable = true;  ///< the weight, its layer and every layer around that one are trainable
};

/// A network as data: layers as nodes, tensors between them by number, shapes with the batch axis
/// in front. No loop and no arithmetic. Several threads may read a graph at once.
class CORNU_API Graph {
 public:
  struct Node {
    Layer layer;
    std::vector<int> in, out;
  };

  /// Whether Inputs count as layers of the network.
  enum class Inputs { as_layers, left_out };

  /// The network between these tensors. Error when an output depends on an Input that is not
  /// among the inputs, and when two of them are the same.
  static Graph between(const SymbolicTensors& inputs, const SymbolicTensors& outputs,
                       Inputs given = Inputs::as_layers);

  /// The tensor for an input of samples of this shape.
  int add_input(const Shape& sample);
  /// Adds a use of `layer` and returns its outputs. A layer without a name gets one in the first
  /// model it joins: its class, and a number from the second of that class on. Error when the layer
  /// cannot take these tensors or its name is taken.
  std::vector<int> add(Layer layer, std::vector<int> in);
  /// Removes the use that was added last. Its tensors must no longer be outputs.
  void remove_last();
  void set_outputs(std::vector<int> outputs) { outputs_ = std::move(outputs); }
  /// The same network with new layers, whose weights are not made yet.
  Graph clone() const;
  /// Same, with the layers that were cloned already for other networks that share them.
  Graph clone(LayerClones& made) const;
  /// Makes the weights of every layer that has none yet.
  void build(uint64_t seed);
  /// Same, for the use that was added last to a network that is built; also fixes whether its layer
  /// trains.
  void build_last(uint64_t seed);
  /// Fixes which layers train: those that are trainable now.
  void fix_trainable();

  /// Declares every weight, and the layers that do not train, to the builder.
  void declare(Builder& b) const;
  /// Adds the ops of the network for inputs `x`, after declare(), and returns its outputs.
  Slots lower(Builder& b, const Slots& x, Mode mode) const;

  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<int>& inputs() const { return inputs_; }
  const std::vector<int>& outputs() const { return outputs_; }
  const Shape& shape(int tensor) const { return tensors_[static_cast<size_t>(tensor)]; }
  /// Each layer once, in order of first use.
  const std::vector<Layer>& layers() const { return layers_; }
  /// The place of a layer among layers(). Precondition: it is one of them.
  size_t index_of(const Layer& layer) const { return places_.at(layer.id()).index; }
  /// The layer of that name, or null.
  const Layer* find_layer(std::string_view name) const;
  /// The names of inputs and outputs: those of the layers that produce them, as in Keras.
  std::vector<std::string> input_names() const;
  std::vector<std::string> output_names() const;
  /// For each of layers(): the tensors that it is called on, as Keras names them,
  /// layer[call][output].
  std::vector<std::vector<std::string>> connections() const;
  /// Every weight in model order, each shared one once, under its first name.
  std::vector<NamedWeight> weights() const;
  /// The weight that weights() lists under this name, or null.
  Weight* find_weight(const std::string& name) const;

 private:
  /// Where a layer stands among layers(), and how often it is used.
  struct Place {
    size_t index;
    int64_t uses;
  };

  /// Every weight under each of its names.
  std::vector<NamedWeight> weight_uses() const;
  Shapes shapes(const std::vector<int>& tensors) const;
  void require_outputs(const Node& node, const Builder& b, const Slots& out, Mode mode) const;
  void give_name(Layer& layer);
  void build_node(Node& node, uint64_t seed);
  void list_weights(const Layer& layer);
  void forget(const Layer& layer);
  void free_name(const std::string& name);

  Shapes tensors_;
  std::vector<Node> nodes_;
  std::vector<int> writers_;  ///< the node that computes each tensor, or -1
  std::vector<Layer> layers_;
  std::map<const void*, Place> places_;               ///< of layers_, by Layer::id()
  std::map<std::string, size_t, std::less<>> names_;  ///< of layers_: their indices
  std::map<std::string, int> next_numbers_;           ///< by class: all below are taken
  std::map<std::string, Weight*> weights_;            ///< once built, by their first names
  std::set<const Weight*> listed_;                    ///< those in weights_
  std::vector<int> inputs_, outputs_;
  std::set<std::string> frozen_;  ///< paths of layers that do not train
};

}  // namespace cornu::inline v0
