#pragma once

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct AdagradOptions {
  LearningRate learning_rate = 0.001;
  double initial_accumulator_value = 0.1;
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
    v("initial_accumulator_value", self.initial_accumulator_value);
    v("epsilon", self.epsilon);
    visit_update_fields(self, v);
  }
};

/// Adagrad (Duchi et al. 2011): s += g², w −= learning_rate·g/√(s + ε), where s begins with
/// initial_accumulator_value. Error for any of them negative or not finite.
class CORNU_API Adagrad final : public Optimizer {
 public:
  static constexpr std::string_view kName = "adagrad";
  using Options = AdagradOptions;
  explicit Adagrad(AdagradOptions options = {});
};

}  // namespace cornu::inline v0
