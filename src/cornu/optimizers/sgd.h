#pragma once

#include <utility>

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct SGDOptions {
  /// Step size ≥ 0: a number or a schedule.
  LearningRate learning_rate = 0.01;
  /// Share of the last move that is kept, 0 to 1.
  double momentum = 0;
  /// Whether momentum is Nesterov's.
  bool nesterov = false;
  /// w −= w · weight_decay · learning_rate before each update; none: no decay.
  std::optional<double> weight_decay = {};
  /// The largest norm of each gradient, > 0; none: no bound.
  std::optional<double> clipnorm = {};
  /// The largest magnitude of a gradient element, > 0; none: no bound.
  std::optional<double> clipvalue = {};
  /// The largest norm of all gradients together, > 0; none: no bound.
  std::optional<double> global_clipnorm = {};
  /// Keeps a moving average of the weights, which replaces them when the fit ends.
  bool use_ema = false;
  /// The average's share of its old value at each step, 0 to 1.
  double ema_momentum = 0.99;
  /// The average replaces the weights every N steps; 0: only when a fit ends.
  int64_t ema_overwrite_frequency = 0;
  /// Steps whose mean gradient makes one update; 0 or 1: every step updates.
  int64_t gradient_accumulation_steps = 0;

  static void visit_fields(auto& self, auto& v) {
    v("learning_rate", self.learning_rate);
    v("momentum", self.momentum);
    v("nesterov", self.nesterov);
    visit_update_fields(self, v);
  }
};

/// Stochastic gradient descent: w −= learning_rate·g; with momentum, in Keras's form, v =
/// momentum·v − learning_rate·g, w += v (Polyak 1964), or w += momentum·v − learning_rate·g with
/// nesterov (Nesterov 1983). Error for a negative or non-finite rate and momentum outside [0, 1].
class CORNU_API SGD final : public Optimizer {
 public:
  static constexpr std::string_view kName = "sgd";
  using Options = SGDOptions;
  explicit SGD(SGDOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit SGD(LearningRate learning_rate, double momentum = 0)
      : SGD(SGDOptions{.learning_rate = std::move(learning_rate), .momentum = momentum}) {}
};

}  // namespace cornu::inline v0
