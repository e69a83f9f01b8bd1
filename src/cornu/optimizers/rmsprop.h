#pragma once

#include <utility>

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct RMSpropOptions {
  /// Step size ≥ 0: a number or a schedule.
  LearningRate learning_rate = 0.001;
  /// Share of the old mean of g², 0 ≤ rho < 1.
  double rho = 0.9;
  /// Share of the last move that is kept, 0 to 1.
  double momentum = 0;
  /// Added to the divisor, ≥ 0.
  double epsilon = 1e-7;
  /// Whether the variance of g is used instead of the mean of g².
  bool centered = false;
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
    v("rho", self.rho);
    v("momentum", self.momentum);
    v("epsilon", self.epsilon);
    v("centered", self.centered);
    visit_update_fields(self, v);
  }
};

/// RMSprop (Tieleman and Hinton 2012) in Keras's form: v = ρv + (1 − ρ)g²,
/// w −= learning_rate·g/√(v + ε). With momentum the moves are summed, move = momentum·move + …;
/// with centered the square of the mean gradient is subtracted from v (Graves 2013). Error for a
/// negative or non-finite rate or epsilon, and rho or momentum outside [0, 1].
class CORNU_API RMSprop final : public Optimizer {
 public:
  static constexpr std::string_view kName = "rmsprop";
  using Options = RMSpropOptions;
  explicit RMSprop(RMSpropOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit RMSprop(LearningRate learning_rate, double rho = 0.9)
      : RMSprop(RMSpropOptions{.learning_rate = std::move(learning_rate), .rho = rho}) {}
};

}  // namespace cornu::inline v0
