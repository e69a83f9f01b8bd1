#pragma once

#include <concepts>
#include <string>
#include <utility>

#include "cornu/activations/activation.h"
#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct DenseOptions {
  /// Number of outputs; required, > 0.
  int64_t units = 0;
  /// Function of the outputs; "linear": y = x.
  Activation activation = "linear";
  /// Whether a bias is added.
  bool use_bias = true;
  /// Values of the kernel (in, units) before training.
  Initializer kernel_initializer = "glorot_uniform";
  /// Values of the bias (units,) before training.
  Initializer bias_initializer = "zeros";
  /// Penalty on the kernel, or none.
  Regularizer kernel_regularizer = {};
  /// Penalty on the bias, or none.
  Regularizer bias_regularizer = {};
  /// Name in the model; empty: made from the class, "dense", "dense_1".
  std::string name = {};
  /// Whether training changes its weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("units", self.units);
    v("activation", self.activation);
    v("use_bias", self.use_bias);
    v("kernel_initializer", self.kernel_initializer);
    v("bias_initializer", self.bias_initializer);
    v("kernel_regularizer", self.kernel_regularizer);
    v("bias_regularizer", self.bias_regularizer);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Fully connected: y = activation(x · kernel + bias).
/// Shapes: x (None, …, in), kernel (in, units), bias (units) -> y (None, …, units).
/// Error when units < 1 or x has no axis after the batch's.
class CORNU_API Dense final : public Layer {
 public:
  static constexpr std::string_view kType = "Dense";
  using Options = DenseOptions;
  explicit Dense(DenseOptions options);
  /// The first option, or the first two, by position.
  template <std::integral Integer>
  explicit Dense(Integer units, Activation activation = "linear")
      : Dense(DenseOptions{.units = static_cast<int64_t>(units),
                           .activation = std::move(activation)}) {}
};

}  // namespace cornu::inline v0
