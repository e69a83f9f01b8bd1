#include "cornu/schedules/warm_up.h"

#include "cornu/schedules/schedule_with.h"

namespace cornu::inline v0 {
namespace {

class WarmUpDescription final : public ScheduleWith<WarmUp> {
 public:
  explicit WarmUpDescription(WarmUpOptions given) : ScheduleWith(std::move(given)) {
    require_at_least("initial_learning_rate", options.initial_learning_rate, 0);
    require_at_least("learning_rate", options.learning_rate.at(0), 0);
    require_at_least("warmup_steps", static_cast<double>(options.warmup_steps), 0);
  }

  double at(int64_t step) const override {
    if (step >= options.warmup_steps) return options.learning_rate.at(step - options.warmup_steps);
    const double fraction = static_cast<double>(step) / static_cast<double>(options.warmup_steps);
    const double first = options.initial_learning_rate;
    return first + (options.learning_rate.at(0) - first) * fraction;
  }
};

}  // namespace

WarmUp::WarmUp(WarmUpOptions options)
    : LearningRate(std::make_shared<WarmUpDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
