#pragma once

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct AdamWOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> weight_decay = {0.004};
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

/// Adam with weights that decay by themselves (Loshchilov and Hutter 2019): each update begins with
/// w −= w · weight_decay · learning_rate. Error as for Adam.
class CORNU_API AdamW final : public Optimizer {
 public:
  static constexpr std::string_view kName = "adamw";
  using Options = AdamWOptions;
  explicit AdamW(AdamWOptions options = {});
};

}  // namespace cornu::inline v0
