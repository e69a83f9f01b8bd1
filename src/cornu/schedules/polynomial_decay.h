#pragma once

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct PolynomialDecayOptions {
  double initial_learning_rate = 0.01;
  int64_t decay_steps = 1000;
  double end_learning_rate = 0.0001;
  double power = 1;
  bool cycle = false;

  static void visit_fields(auto& self, auto& v) {
    v("initial_learning_rate", self.initial_learning_rate);
    v("decay_steps", self.decay_steps);
    v("end_learning_rate", self.end_learning_rate);
    v("power", self.power);
    v("cycle", self.cycle);
  }
};

/// (initial − end)·(1 − step / decay_steps)^power + end, from decay_steps on end; with cycle
/// decay_steps is the next multiple of it. Keras has no defaults for its first two. Error for a
/// negative rate or power, and decay_steps below 1.
class CORNU_API PolynomialDecay final : public LearningRate {
 public:
  static constexpr std::string_view kName = "PolynomialDecay";
  using Options = PolynomialDecayOptions;
  explicit PolynomialDecay(PolynomialDecayOptions options = {});
};

}  // namespace cornu::inline v0
