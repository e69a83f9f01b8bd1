#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "cornu/layers/layer.h"
#include "cornu/ops/expression.h"
#include "held.h"

namespace cornu::python {

/// A layer whose computation is a Python object. Its methods are called when shapes are computed
/// and when a plan is made, never in a step:
///   _cornu_weights(shapes)            (name, shape, initializer, regularizer, trainable) of each
///   _cornu_call(x, weights, training) expressions of its outputs from those of inputs and weights
///   get_config(), _cornu_clone()      its options; a new layer of the same options
class UserLayer final : public LayerDescription {
 public:
  UserLayer(nb::object layer, std::string type, std::string name, bool trainable)
      : layer_(hold(std::move(layer))),
        type_(std::move(type)),
        name_(std::move(name)),
        trainable_(trainable) {}

  std::string_view type() const override { return type_; }
  Value::Map config() const override;
  const std::string& name() const override { return name_; }
  bool trainable() const override { return trainable_; }
  bool takes(size_t inputs) const override { return inputs > 0; }
  Shapes output_shapes(const Shapes& x, const std::string& where) const override;
  std::vector<WeightSpec> weights(const Shapes& x) const override;
  Slots lower(Builder& b, Slots x, Mode mode) const override;
  std::vector<Layer> layers() const override;
  void build_inside(const Shapes& x, uint64_t seed) const override;
  std::optional<Layer> clone(LayerClones& made) const override;

  /// The Python object; None after release().
  nb::object object() const { return layer_ == nullptr ? nb::none() : nb::object(*layer_); }
  /// For the garbage collector: lets go of the Python object, which holds this layer.
  void release() const { layer_.reset(); }

  /// Calls a layer inside this one, or only computes shapes while those are asked for. Error
  /// outside of _cornu_call. `training` states the mode if it is not the plan's.
  static std::vector<Expression> call_inside(Layer layer, const std::vector<Expression>& x,
                                             std::optional<bool> training);

 private:
  /// A layer inside, and the shapes that it was first called on.
  struct Inside {
    Layer layer;
    Shapes x;
  };
  struct Call;

  void read_weights(const Shapes& x) const;
  Slots called(Builder& b, const Slots& x, const Slots& weights, Mode mode) const;
  void note_inside(Layer& layer, const Shapes& x) const;

  mutable Held layer_;
  const std::string type_, name_;
  const bool trainable_;
  // Found by the first call, under the GIL.
  mutable std::optional<std::vector<WeightSpec>> specs_;
  mutable std::vector<Inside> inside_;
  mutable std::vector<std::pair<Shapes, Shapes>> known_;  ///< outputs by inputs
};

/// The user-defined layer behind a handle, or null.
const UserLayer* user_layer(const Layer& layer);

}  // namespace cornu::python
