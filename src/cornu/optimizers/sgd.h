#pragma once

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct SGDOptions {
  LearningRate learning_rate = 0.01;
  double momentum = 0;
  bool nesterov = false;
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
    v("momentum", self.momentum);
    v("nesterov", self.nesterov);
    visit_update_fields(self, v);
  }
};

/// Stochastic gradient descent in Keras's form: w −= learning_rate·g; with momentum
/// v = momentum·v − learning_rate·g, w += v (Polyak 1964), or w += momentum·v − learning_rate·g
/// with nesterov (Nesterov 1983). Error for a negative or non-finite rate and momentum outside
/// [0, 1].
class CORNU_API SGD final : public Optimizer {
 public:
  static constexpr std::string_view kName = "sgd";
  using Options = SGDOptions;
  explicit SGD(SGDOptions options = {});
};

}  // namespace cornu::inline v0
