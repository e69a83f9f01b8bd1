#pragma once

#include <optional>
#include <vector>

#include "cornu/layers/activation_layer.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/dropout.h"
#include "cornu/layers/flatten.h"
#include "cornu/layers/input.h"
#include "cornu/models/model.h"

namespace cornu::inline v0 {

/// Layers one after the other. Built at once if the first is an Input, else by build() or from the
/// first data it is given. Threads as for Model.
class CORNU_API Sequential final : public Model {
 public:
  Sequential(std::vector<Layer> layers = {},
             ModelOptions options = {});  // NOLINT: a list of layers

  /// The same model, when it is a Sequential: of load_model, say. Error for a Functional one.
  explicit Sequential(Model&& model);

  /// Adds a layer at the end; if the model is built, also makes the layer's weights.
  void add(Layer layer);
  /// Removes the last layer. Error if there is none.
  void pop();
  /// Makes the weights for samples of this shape: build({784}). Error when no layer can take them
  /// and when it is built already for another shape.
  void build(Shape sample);

 protected:
  void build_for(const Spec& spec) override;

 private:
  void connect();

  std::vector<Layer> layers_;
  std::optional<Input> input_;  ///< once the shape is known
};

}  // namespace cornu::inline v0
