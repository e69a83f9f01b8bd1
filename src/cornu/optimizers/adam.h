#pragma once

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct AdamOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> weight_decay = {};
  std::optional<double> clipnorm = {};
  std::optional<double> clipvalue = {};
  std::optional<double> global_clipnorm = {};
  bool use_ema = false;
  double ema_momentum = 0.99;
  int64_t ema_overwrite_frequency = 0;
  int64_t gradient_accumulation_steps = 0;

  static void visit_fields(auto& self, auto& v) {
    v("learning_rate", self.learning_rate);
    v("beta_1", self.beta_1);
    v("beta_2", self.beta_2);
    v("epsilon", self.epsilon);
    v("amsgrad", self.amsgrad);
    visit_update_fields(self, v);
  }
};

/// Adam (Kingma and Ba 2014) in Keras's form: m += (g − m)(1 − β₁), v += (g² − v)(1 − β₂),
/// w −= m · learning_rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ) / (√v + ε). Epsilon is the paper's ε̂: it is
/// added to the root of the uncorrected v, and is 1e-7 where the paper has 1e-8. With amsgrad the
/// largest v so far stands under the root (Reddi et al. 2018). Error for a negative or non-finite
/// rate or epsilon and betas outside [0, 1).
class CORNU_API Adam final : public Optimizer {
 public:
  static constexpr std::string_view kName = "adam";
  using Options = AdamOptions;
  explicit Adam(AdamOptions options = {});
};

}  // namespace cornu::inline v0
