#pragma once

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct AdamaxOptions {
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

/// Adam by the largest gradient (Kingma and Ba 2014, section 7.1): m as Adam's, u = max(β₂u, |g|),
/// w −= learning_rate / (1 − β₁ᵗ) · m/(u + ε). Error as for Adam.
class CORNU_API Adamax final : public Optimizer {
 public:
  static constexpr std::string_view kName = "adamax";
  using Options = AdamaxOptions;
  explicit Adamax(AdamaxOptions options = {});
};

}  // namespace cornu::inline v0
