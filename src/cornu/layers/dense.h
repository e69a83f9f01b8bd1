#pragma once

#include <string>

#include "cornu/activations/activation.h"
#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct DenseOptions {
  int64_t units = 0;  ///< required, > 0
  Activation activation = "linear";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  std::string name = {};
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
};

}  // namespace cornu::inline v0
