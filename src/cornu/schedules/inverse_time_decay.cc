#include "cornu/schedules/inverse_time_decay.h"

#include "cornu/schedules/schedule_with.h"

namespace cornu::inline v0 {
namespace {

class InverseTimeDecayDescription final : public ScheduleWith<InverseTimeDecay> {
 public:
  explicit InverseTimeDecayDescription(InverseTimeDecayOptions given)
      : ScheduleWith(std::move(given)) {
    require_at_least("initial_learning_rate", options.initial_learning_rate, 0);
    require_at_least("decay_steps", static_cast<double>(options.decay_steps), 1);
    require_at_least("decay_rate", options.decay_rate, 0);
  }

  double at(int64_t step) const override {
    double times = static_cast<double>(step) / static_cast<double>(options.decay_steps);
    if (options.staircase) times = std::floor(times);
    return options.initial_learning_rate / (1 + options.decay_rate * times);
  }
};

}  // namespace

InverseTimeDecay::InverseTimeDecay(InverseTimeDecayOptions options)
    : LearningRate(std::make_shared<InverseTimeDecayDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
