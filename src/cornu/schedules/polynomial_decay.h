#pragma once

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct PolynomialDecayOptions {
  /// Rate at step 0, ≥ 0.
  double initial_learning_rate = 0.01;
  /// Steps until the last rate, > 0.
  int64_t decay_steps = 1000;
  /// Last rate, ≥ 0.
  double end_learning_rate = 0.0001;
  /// Exponent of the decay, ≥ 0; 1: linear.
  double power = 1;
  /// Whether each decay is followed by a longer one.
  bool cycle = false;

  static void visit_fields(auto& self, auto& v) {
    v("initial_learning_rate", self.initial_learning_rate);
    v("decay_steps", self.decay_steps);
    v("end_learning_rate", self.end_learning_rate);
    v("power", self.power);
    v("cycle", self.cycle);
  }
};

/// A rate that falls along a power of the steps left: (initial − end)·(1 − step /
/// decay_steps)^power + end, and end after step decay_steps. With cycle decay_steps in the formula
/// is its smallest multiple that is not below step. Keras has no defaults for the first two
/// options. Error for a negative rate or power, and decay_steps below 1.
class CORNU_API PolynomialDecay final : public LearningRate {
 public:
  static constexpr std::string_view kName = "PolynomialDecay";
  using Options = PolynomialDecayOptions;
  explicit PolynomialDecay(PolynomialDecayOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit PolynomialDecay(double initial_learning_rate, int64_t decay_steps = 1000)
      : PolynomialDecay(PolynomialDecayOptions{.initial_learning_rate = initial_learning_rate,
                                               .decay_steps = decay_steps}) {}
};

}  // namespace cornu::inline v0
