#pragma once

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct InverseTimeDecayOptions {
  /// Rate at step 0, ≥ 0.
  double initial_learning_rate = 0.01;
  /// Steps over which the divisor grows by decay_rate, > 0.
  int64_t decay_steps = 1000;
  /// Growth of the divisor per decay_steps steps, ≥ 0.
  double decay_rate = 0.5;
  /// Whether the rate changes at multiples of decay_steps only.
  bool staircase = false;

  static void visit_fields(auto& self, auto& v) {
    v("initial_learning_rate", self.initial_learning_rate);
    v("decay_steps", self.decay_steps);
    v("decay_rate", self.decay_rate);
    v("staircase", self.staircase);
  }
};

/// A rate that falls as the inverse of time: initial_learning_rate / (1 + decay_rate · step /
/// decay_steps); with staircase the quotient step / decay_steps is rounded down. Keras has no
/// defaults for the first three options. Error for a negative rate or decay_rate, and decay_steps
/// below 1.
class CORNU_API InverseTimeDecay final : public LearningRate {
 public:
  static constexpr std::string_view kName = "InverseTimeDecay";
  using Options = InverseTimeDecayOptions;
  explicit InverseTimeDecay(InverseTimeDecayOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit InverseTimeDecay(double initial_learning_rate, int64_t decay_steps = 1000)
      : InverseTimeDecay(InverseTimeDecayOptions{.initial_learning_rate = initial_learning_rate,
                                                 .decay_steps = decay_steps}) {}
};

}  // namespace cornu::inline v0
