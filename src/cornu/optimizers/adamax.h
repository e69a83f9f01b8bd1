#pragma once

#include <utility>

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

struct AdamaxOptions {
  /// Step size ≥ 0: a number or a schedule.
  LearningRate learning_rate = 0.001;
  /// Share of the old mean of g, 0 ≤ beta_1 < 1.
  double beta_1 = 0.9;
  /// Decay of the largest |g| per step, 0 ≤ beta_2 < 1.
  double beta_2 = 0.999;
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
    v("beta_1", self.beta_1);
    v("beta_2", self.beta_2);
    v("epsilon", self.epsilon);
    visit_update_fields(self, v);
  }
};

/// Adam with the largest |g| in place of the mean of g² (Kingma and Ba 2014, section 7.1): m as in
/// Adam, u = max(β₂u, |g|), w −= learning_rate / (1 − β₁ᵗ) · m/(u + ε). Error as for Adam.
class CORNU_API Adamax final : public Optimizer {
 public:
  static constexpr std::string_view kName = "adamax";
  using Options = AdamaxOptions;
  explicit Adamax(AdamaxOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit Adamax(LearningRate learning_rate, double beta_1 = 0.9)
      : Adamax(AdamaxOptions{.learning_rate = std::move(learning_rate), .beta_1 = beta_1}) {}
};

}  // namespace cornu::inline v0
