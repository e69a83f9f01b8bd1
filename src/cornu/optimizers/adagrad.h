#pragma once

#include <utility>

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct AdagradOptions {
  /// Step size ≥ 0: a number or a schedule.
  LearningRate learning_rate = 0.001;
  /// The sum of g² before the first step, ≥ 0.
  double initial_accumulator_value = 0.1;
  /// Added to the divisor, ≥ 0.
  double epsilon = 1e-7;
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
    v("initial_accumulator_value", self.initial_accumulator_value);
    v("epsilon", self.epsilon);
    visit_update_fields(self, v);
  }
};

/// Adagrad (Duchi et al. 2011): s += g², w −= learning_rate·g/√(s + ε), where s begins with
/// initial_accumulator_value. Error if that, the rate or epsilon is negative or not finite.
class CORNU_API Adagrad final : public Optimizer {
 public:
  static constexpr std::string_view kName = "adagrad";
  using Options = AdagradOptions;
  explicit Adagrad(AdagradOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit Adagrad(LearningRate learning_rate, double initial_accumulator_value = 0.1)
      : Adagrad(AdagradOptions{.learning_rate = std::move(learning_rate),
                               .initial_accumulator_value = initial_accumulator_value}) {}
};

}  // namespace cornu::inline v0
