#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct BatchNormalizationOptions {
  int64_t axis = -1;  ///< of the features: the last
  double momentum = 0.99;
  double epsilon = 1e-3;
  bool center = true;  ///< whether there is a beta
  bool scale = true;   ///< whether there is a gamma
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Initializer moving_mean_initializer = "zeros";
  Initializer moving_variance_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  std::string name = {};
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

/// y = gamma·(x − mean)/√(variance + ε) + beta a feature (Ioffe and Szegedy 2015). In training mean
/// and variance, over its number, are the batch's, and moving_mean and moving_variance follow them:
/// moving·momentum + now·(1 − momentum). In evaluate and predict, and in training while the layer
/// is not trainable, the moving ones are taken. Weights: gamma, beta, moving_mean, moving_variance,
/// (n) each. Shapes: (None, …, n) -> the same. Error for another axis than the last, a momentum
/// outside [0, 1] and an epsilon that is not above 0.
class CORNU_API BatchNormalization final : public Layer {
 public:
  static constexpr std::string_view kType = "BatchNormalization";
  using Options = BatchNormalizationOptions;
  explicit BatchNormalization(BatchNormalizationOptions options = {});
};

}  // namespace cornu::inline v0
