#pragma once

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct LionOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.99;
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
    visit_update_fields(self, v);
  }
};

/// Lion (Chen et al. 2023): w −= learning_rate·sign(β₁m + (1 − β₁)g), m = β₂m + (1 − β₂)g.
/// Error for a negative or non-finite rate and betas outside [0, 1].
class CORNU_API Lion final : public Optimizer {
 public:
  static constexpr std::string_view kName = "lion";
  using Options = LionOptions;
  explicit Lion(LionOptions options = {});
};

}  // namespace cornu::inline v0
