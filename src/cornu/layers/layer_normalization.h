#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct LayerNormalizationOptions {
  int64_t axis = -1;
  double epsilon = 1e-3;
  bool center = true;  ///< whether there is a beta
  bool scale = true;   ///< whether there is a gamma
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  std::string name = {};
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

/// y = gamma·(x − mean)/√(variance + ε) + beta, mean and variance those of each sample's numbers
/// along the last axis (Ba, Kiros, Hinton 2016). Weights: gamma, beta, (n) each. Shapes: (None, …,
/// n) -> the same. Error for another axis than the last and an epsilon that is not above 0.
class CORNU_API LayerNormalization final : public Layer {
 public:
  static constexpr std::string_view kType = "LayerNormalization";
  using Options = LayerNormalizationOptions;
  explicit LayerNormalization(LayerNormalizationOptions options = {});
};

}  // namespace cornu::inline v0
