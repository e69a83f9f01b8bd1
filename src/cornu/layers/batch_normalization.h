#pragma once

#include <concepts>
#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct BatchNormalizationOptions {
  /// Axis of the features, from 1; below 0, counted from the end.
  int64_t axis = -1;
  /// Share of the old value in each moving statistic, 0 to 1.
  double momentum = 0.99;
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
  /// Moving mean before training.
  Initializer moving_mean_initializer = "zeros";
  /// Moving variance before training.
  Initializer moving_variance_initializer = "ones";
  /// Penalty on beta, or none.
  Regularizer beta_regularizer = {};
  /// Penalty on gamma, or none.
  Regularizer gamma_regularizer = {};
  /// Name in the model; empty: made from the class, "batch_normalization", "batch_normalization_1".
  std::string name = {};
  /// Whether training changes its weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("momentum", self.momentum);
    v("epsilon", self.epsilon);
    v("center", self.center);
    v("scale", self.scale);
    v("beta_initializer", self.beta_initializer);
    v("gamma_initializer", self.gamma_initializer);
    v("moving_mean_initializer", self.moving_mean_initializer);
    v("moving_variance_initializer", self.moving_variance_initializer);
    v("beta_regularizer", self.beta_regularizer);
    v("gamma_regularizer", self.gamma_regularizer);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Normalizes each feature over the batch (Ioffe and Szegedy 2015): y = gamma·(x − mean)/√(variance
/// + ε) + beta. In training, mean and (biased) variance are those of the batch, and moving_mean and
/// moving_variance follow them: moving·momentum + now·(1 − momentum). In evaluate and predict, and
/// in training if the layer is not trainable, the moving ones are used. Weights: gamma, beta,
/// moving_mean, moving_variance, (n) each, n the extent of the axis. Shapes: (None, …) -> the same.
/// Error for an axis that the input does not have, the batch's, a momentum outside [0, 1] and an
/// epsilon that is not above 0.
class CORNU_API BatchNormalization final : public Layer {
 public:
  static constexpr std::string_view kType = "BatchNormalization";
  using Options = BatchNormalizationOptions;
  explicit BatchNormalization(BatchNormalizationOptions options = {});
  /// The first option, or the first two, by position.
  template <std::integral Integer>
  explicit BatchNormalization(Integer axis, double momentum = 0.99)
      : BatchNormalization(
            BatchNormalizationOptions{.axis = static_cast<int64_t>(axis), .momentum = momentum}) {}
};

}  // namespace cornu::inline v0
