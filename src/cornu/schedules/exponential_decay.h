#pragma once

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct ExponentialDecayOptions {
  /// Rate at step 0, ≥ 0.
  double initial_learning_rate = 0.01;
  /// Steps over which the rate is multiplied by decay_rate once, > 0.
  int64_t decay_steps = 1000;
  /// Factor per decay_steps steps, ≥ 0.
  double decay_rate = 0.96;
  /// Whether the rate changes at multiples of decay_steps only.
  bool staircase = false;

  static void visit_fields(auto& self, auto& v) {
    v("initial_learning_rate", self.initial_learning_rate);
    v("decay_steps", self.decay_steps);
    v("decay_rate", self.decay_rate);
    v("staircase", self.staircase);
  }
};

/// A rate that falls by the same factor again and again: initial_learning_rate · decay_rate^(step /
/// decay_steps); with staircase the exponent is rounded down. Keras has no defaults for the first
/// three options. Error for a negative rate or decay_rate, and decay_steps below 1.
class CORNU_API ExponentialDecay final : public LearningRate {
 public:
  static constexpr std::string_view kName = "ExponentialDecay";
  using Options = ExponentialDecayOptions;
  explicit ExponentialDecay(ExponentialDecayOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit ExponentialDecay(double initial_learning_rate, int64_t decay_steps = 1000)
      : ExponentialDecay(ExponentialDecayOptions{.initial_learning_rate = initial_learning_rate,
                                                 .decay_steps = decay_steps}) {}
};

}  // namespace cornu::inline v0
