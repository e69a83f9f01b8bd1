#pragma once

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct NadamOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
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
    visit_update_fields(self, v);
  }
};

/// Adam with Nesterov's momentum (Dozat 2016), in Keras's form: m and v as Adam's,
/// uₜ = β₁(1 − 0.96ᵗ/2), w −= learning_rate · (m·uₜ₊₁/(1 − Π uₜ₊₁) + g·(1 − uₜ)/(1 − Π uₜ)) /
/// (√(v/(1 − β₂ᵗ)) + ε). Error as for Adam.
class CORNU_API Nadam final : public Optimizer {
 public:
  static constexpr std::string_view kName = "nadam";
  using Options = NadamOptions;
  explicit Nadam(NadamOptions options = {});
};

}  // namespace cornu::inline v0
