#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/activations/activation.h"
#include "cornu/core/fields.h"
#include "cornu/initializers/initializer.h"
#include "cornu/layers/symbolic_tensor.h"
#include "cornu/ops/builder.h"
#include "cornu/regularizers/regularizer.h"

namespace cornu::inline v0 {

using Shapes = std::vector<Shape>;
/// (None, 4), (None, 5)
CORNU_API std::string text(const Shapes& shapes);

class Graph;
class Layer;
class LayerClones;

/// A weight that a layer needs; `name` is its name within the layer, "kernel".
struct WeightSpec {
  std::string name;
  Shape shape;
  Initializer initializer;
  Regularizer regularizer = {};
  bool trainable = true;
};

/// The computation of a layer: weights and ops as functions of its options and of the shapes of its
/// inputs. Derive from this to write your own layer. Shapes begin with the batch axis, kRows.
class CORNU_API LayerDescription {
 public:
  virtual ~LayerDescription() = default;
  /// Keras's class name, "Dense".
  virtual std::string_view type() const = 0;
  /// The options, every field.
  virtual Value::Map config() const = 0;
  /// The name the user gave, or empty.
  virtual const std::string& name() const = 0;
  virtual bool trainable() const { return true; }

  /// Whether it can be called on this number of inputs; only on one by default.
  virtual bool takes(size_t inputs) const { return inputs == 1; }
  /// Error naming `where` (the layer as the user knows it) when its options do not fit inputs of
  /// these shapes. What its ops refuse needs no check here.
  virtual void check_inputs(const Shapes& /*x*/, const std::string& /*where*/) const {}
  /// Error, as check_inputs() gives it or one of its ops, when the layer cannot take `x`. The
  /// default lowers the layer and returns what its ops state; a layer with layers inside overrides
  /// it.
  virtual Shapes output_shapes(const Shapes& x, const std::string& where) const;
  virtual std::vector<WeightSpec> weights(const Shapes&) const { return {}; }
  virtual Slots lower(Builder& b, Slots x, Mode mode) const = 0;

  /// The network, if this is a model used as a layer; else null.
  virtual const Graph* network() const { return nullptr; }
  /// The layers inside it, if any.
  virtual std::vector<Layer> layers() const;
  /// Makes the weights of the layers inside it, for inputs of these shapes.
  virtual void build_inside(const Shapes&, uint64_t /*seed*/) const {}
  /// A new layer with new layers inside, which `made` gives; none if the description itself will do
  /// for the copy.
  virtual std::optional<Layer> clone(LayerClones& made) const;
};

/// Implements config(), name() and trainable() for an options struct with `name` and `trainable`.
template <class Given>
class LayerWith : public LayerDescription {
 public:
  using Options = Given;
  explicit LayerWith(Options given) : options(std::move(given)) {}
  Value::Map config() const override { return fields_to_map(options); }
  const std::string& name() const override { return options.name; }
  bool trainable() const override { return options.trainable; }

 protected:
  Options options;
};

/// A weight and its values; shared by every copy of its layer.
struct Weight {
  std::string name;
  Tensor value;
  Regularizer regularizer = {};
  bool trainable = true;  ///< as long as its layer is, too
};

/// Copies `values` into a weight, which errors call `where`. Error, and the weight is as it was,
/// unless they are finite float32 values of its shape.
CORNU_API void set_values(Weight& weight, const std::string& where, TensorView values);

/// A layer as a model holds it: a cheap handle whose copies share one description, one name and
/// one set of weights. Threads may read one at the same time; none may while it is called, built,
/// trained or changed.
class CORNU_API Layer {
 public:
  explicit Layer(std::shared_ptr<const LayerDescription> description);
  /// Keras's Activation layer, so that Activation("relu") may stand in a list of layers.
  Layer(const Activation& activation);  // NOLINT: converts on purpose
  /// The layer as the activation of another: Dense(4, LeakyReLU(0.2)). Error unless it is a ReLU,
  /// LeakyReLU, ELU, Softmax or Activation.
  operator Activation() const;  // NOLINT: converts on purpose
  // A move is a copy: the source is unchanged.
  Layer(const Layer&) = default;
  Layer& operator=(const Layer&) = default;

  const LayerDescription& description() const;
  std::string_view type() const { return description().type(); }
  /// The name in its model; before it joins one, the user's name or empty.
  const std::string& name() const;
  /// `Dense "dense_1"`: how errors name it.
  std::string where() const;
  bool trainable() const;
  /// Whether its weights, and those of layers inside it, train. Takes effect at the next compile().
  void set_trainable(bool trainable);

  /// Calls the layer on these inputs, in a network that is being described, and returns its output.
  /// Error when it cannot take them, and when it does not have exactly one output.
  SymbolicTensor operator()(const SymbolicTensor& x) const;
  SymbolicTensor operator()(const SymbolicTensors& x) const;
  /// The same for a layer of any number of outputs.
  SymbolicTensors call(const SymbolicTensors& x) const;
  /// The tensors of its call. Error unless it was called exactly once.
  const SymbolicTensors& inputs() const;
  SymbolicTensors outputs() const;
  /// Its only input, its only output. Error if there are several.
  SymbolicTensor input() const;
  SymbolicTensor output() const;

  /// Called once, by the first model it joins.
  void set_name(std::string name);
  bool named() const;
  /// Makes the weights for inputs of these shapes, each keyed by (seed, layer name, weight name);
  /// later calls check that the shapes ask for the same weights.
  void build(const Shapes& x, uint64_t seed);
  bool built() const;
  std::vector<Weight>& weights();
  const std::vector<Weight>& weights() const;
  /// Number of elements of all its weights and of those of the layers inside it.
  int64_t num_weights() const;
  /// A new layer with the same options, whose weights are not made yet.
  Layer clone() const;

  /// Whether other handles share it: models, calls, copies.
  bool is_shared() const { return state_.use_count() > 1; }
  /// An address that the copies of this layer share with no other layer: a key for maps.
  const void* id() const { return state_.get(); }

  friend bool operator==(const Layer& a, const Layer& b) { return a.state_ == b.state_; }

 protected:
  /// Records a call with outputs of these shapes, and returns the outputs.
  SymbolicTensors record(const SymbolicTensors& in, Shapes out) const;

 private:
  friend class LayerClones;
  struct State;
  std::shared_ptr<State> state_;
};

/// The new layers of a network that is being copied. A layer that occurs several times, also inside
/// another layer, is copied once.
class CORNU_API LayerClones {
 public:
  Layer of(const Layer& layer);

 private:
  std::map<const void*, Layer> made_;
};

/// A layer's use in a network that is being described.
struct LayerCall {
  // Frees a long chain of calls in a loop, as recursion would overflow the stack.
  ~LayerCall();

  Layer layer;
  SymbolicTensors in;
  Shapes out;
  uint64_t order;  ///< later calls have larger ones
};

}  // namespace cornu::inline v0
