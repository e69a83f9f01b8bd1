#pragma once

#include <concepts>
#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct LayerNormalizationOptions {
  /// Axis that is normalized; must be the last: -1.
  int64_t axis = -1;
  /// Added to the variance, > 0.
  double epsilon = 1e-3;
  /// Whether beta is added.
  bool center = true;
  /// Whether the result is multiplied by gamma.
  bool scale = true;
  /// Values of beta before training.
  Initializer beta_initializer = "zeros";
  /// Values of gamma before training.
  Initializer gamma_initializer = "ones";
  /// Penalty on beta, or none.
  Regularizer beta_regularizer = {};
  /// Penalty on gamma, or none.
  Regularizer gamma_regularizer = {};
  /// Name in the model; empty: made from the class, "layer_normalization", "layer_normalization_1".
  std::string name = {};
  /// Whether training changes its weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("epsilon", self.epsilon);
    v("center", self.center);
    v("scale", self.scale);
    v("beta_initializer", self.beta_initializer);
    v("gamma_initializer", self.gamma_initializer);
    v("beta_regularizer", self.beta_regularizer);
    v("gamma_regularizer", self.gamma_regularizer);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Normalizes each sample along the last axis (Ba, Kiros, Hinton 2016): y = gamma·(x −
/// mean)/√(variance + ε) + beta. Weights: gamma, beta, (n) each. Shapes: (None, …, n) -> the same.
/// Error for an axis other than the last and an epsilon that is not above 0.
class CORNU_API LayerNormalization final : public Layer {
 public:
  static constexpr std::string_view kType = "LayerNormalization";
  using Options = LayerNormalizationOptions;
  explicit LayerNormalization(LayerNormalizationOptions options = {});
  /// The first option, or the first two, by position.
  template <std::integral Integer>
  explicit LayerNormalization(Integer axis, double epsilon = 1e-3)
      : LayerNormalization(
            LayerNormalizationOptions{.axis = static_cast<int64_t>(axis), .epsilon = epsilon}) {}
};

}  // namespace cornu::inline v0
