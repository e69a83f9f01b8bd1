#include "cornu/schedules/polynomial_decay.h"

#include "cornu/schedules/schedule_with.h"

namespace cornu::inline v0 {
namespace {

class PolynomialDecayDescription final : public ScheduleWith<PolynomialDecay> {
 public:
  explicit PolynomialDecayDescription(PolynomialDecayOptions given)
      : ScheduleWith(std::move(given)) {
    require_at_least("initial_learning_rate", options.initial_learning_rate, 0);
    require_at_least("decay_steps", static_cast<double>(options.decay_steps), 1);
    require_at_least("end_learning_rate", options.end_learning_rate, 0);
    require_at_least("power", options.power, 0);
  }

  double at(int64_t step) const override {
    auto steps = static_cast<double>(options.decay_steps);
    auto now = static_cast<double>(step);
    if (options.cycle) {
      steps *= step == 0 ? 1 : std::ceil(now / steps);
    } else if (now > steps) {
      now = steps;
    }
    return (options.initial_learning_rate - options.end_learning_rate) *
               pow_of(1 - now / steps, options.power) +
           options.end_learning_rate;
  }
};

}  // namespace

PolynomialDecay::PolynomialDecay(PolynomialDecayOptions options)
    : LearningRate(std::make_shared<PolynomialDecayDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
