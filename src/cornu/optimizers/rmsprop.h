#pragma once

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct RMSpropOptions {
  LearningRate learning_rate = 0.001;
  double rho = 0.9;
  double momentum = 0;
  double epsilon = 1e-7;
  bool centered = false;
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
    v("momentum", self.momentum);
    v("epsilon", self.epsilon);
    v("centered", self.centered);
    visit_update_fields(self, v);
  }
};

/// RMSprop (Tieleman and Hinton 2012) in Keras's form: v = ρv + (1 − ρ)g²,
/// w −= learning_rate·g/√(v + ε); with momentum the moves are summed, move = momentum·move + …; and
/// centered takes v less the square of the mean gradient (Graves 2013). Error for a negative or
/// non-finite rate or epsilon, and rho or momentum outside [0, 1].
class CORNU_API RMSprop final : public Optimizer {
 public:
  static constexpr std::string_view kName = "rmsprop";
  using Options = RMSpropOptions;
  explicit RMSprop(RMSpropOptions options = {});
};

}  // namespace cornu::inline v0
