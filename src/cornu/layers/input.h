#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct InputOptions {
  /// Shape of one sample, without the batch axis.
  Shape shape;
  /// Name in the model; empty: made from the class, "input_layer", "input_layer_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("shape", self.shape);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// An input of a network, for samples of a known shape: a tensor that layers are called on. A
/// Sequential that begins with one is built at once.
class CORNU_API Input final : public Layer {
 public:
  static constexpr std::string_view kType = "InputLayer";
  using Options = InputOptions;
  explicit Input(InputOptions options);
  template <class = void>  // so that options in braces are never taken for a shape
  explicit Input(Shape shape) : Input(InputOptions{.shape = shape}) {}
  /// The Input that `layer` is a handle of. Error if it is a layer of another class.
  static Input from(const Layer& layer);

  /// The tensor, always the same one.
  operator SymbolicTensor() const { return tensor_; }  // NOLINT: converts on purpose
  const Shape& shape() const { return tensor_.shape(); }

 private:
  Input(Layer layer, const Shape& shape);
  SymbolicTensor tensor_;
};

}  // namespace cornu::inline v0
