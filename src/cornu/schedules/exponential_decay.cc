#include "cornu/schedules/exponential_decay.h"

#include "cornu/schedules/schedule_with.h"

namespace cornu::inline v0 {
namespace {

class ExponentialDecayDescription final : public ScheduleWith<ExponentialDecay> {
 public:
  explicit ExponentialDecayDescription(ExponentialDecayOptions given)
      : ScheduleWith(std::move(given)) {
    require_at_least("initial_learning_rate", options.initial_learning_rate, 0);
    require_at_least("decay_steps", static_cast<double>(options.decay_steps), 1);
    require_at_least("decay_rate", options.decay_rate, 0);
  }

  double at(int64_t step) const override {
    double power = static_cast<double>(step) / static_cast<double>(options.decay_steps);
    if (options.staircase) power = std::floor(power);
    return options.initial_learning_rate * pow_of(options.decay_rate, power);
  }
};

}  // namespace

ExponentialDecay::ExponentialDecay(ExponentialDecayOptions options)
    : LearningRate(std::make_shared<ExponentialDecayDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
