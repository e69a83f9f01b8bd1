#pragma once

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct AdadeltaOptions {
  LearningRate learning_rate = 0.001;
  double rho = 0.95;
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
    v("rho", self.rho);
    v("epsilon", self.epsilon);
    visit_update_fields(self, v);
  }
};

/// Adadelta (Zeiler 2012): s = ρs + (1 − ρ)g², move = √(d + ε)·g/√(s + ε), d = ρd + (1 − ρ)move²,
/// w −= learning_rate·move; the paper's rate is 1. Error for a negative or non-finite rate or
/// epsilon, and rho outside [0, 1].
class CORNU_API Adadelta final : public Optimizer {
 public:
  static constexpr std::string_view kName = "adadelta";
  using Options = AdadeltaOptions;
  explicit Adadelta(AdadeltaOptions options = {});
};

}  // namespace cornu::inline v0
