#include "cornu/schedules/cosine_decay.h"

#include "cornu/schedules/schedule_with.h"

namespace cornu::inline v0 {
namespace {

class CosineDecayDescription final : public ScheduleWith<CosineDecay> {
 public:
  explicit CosineDecayDescription(CosineDecayOptions given) : ScheduleWith(std::move(given)) {
    require_at_least("initial_learning_rate", options.initial_learning_rate, 0);
    require_at_least("decay_steps", static_cast<double>(options.decay_steps), 1);
    require_at_least("alpha", options.alpha, 0);
    require_at_least("warmup_steps", static_cast<double>(options.warmup_steps), 0);
    if (options.warmup_target) require_at_least("warmup_target", *options.warmup_target, 0);
  }

  double at(int64_t step) const override {
    const double first = options.initial_learning_rate;
    if (!options.warmup_target) return decayed(first, step);
    if (step >= options.warmup_steps) {
      return decayed(*options.warmup_target, step - options.warmup_steps);
    }
    const double fraction = static_cast<double>(step) / static_cast<double>(options.warmup_steps);
    return (*options.warmup_target - first) * fraction + first;
  }

 private:
  double decayed(double from, int64_t step) const {
    const int64_t now = step < options.decay_steps ? step : options.decay_steps;
    const double fraction = static_cast<double>(now) / static_cast<double>(options.decay_steps);
    return from * ((1 - options.alpha) * cosine_fall(fraction) + options.alpha);
  }
};

}  // namespace

CosineDecay::CosineDecay(CosineDecayOptions options)
    : LearningRate(std::make_shared<CosineDecayDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
