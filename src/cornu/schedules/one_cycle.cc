#include "cornu/schedules/one_cycle.h"

#include "cornu/schedules/schedule_with.h"

namespace cornu::inline v0 {
namespace {

class OneCycleDescription final : public ScheduleWith<OneCycle> {
 public:
  explicit OneCycleDescription(OneCycleOptions given) : ScheduleWith(std::move(given)) {
    require_at_least("max_learning_rate", options.max_learning_rate, 0);
    require_at_least("total_steps", static_cast<double>(options.total_steps), 1);
    require_at_least("warmup_fraction", options.warmup_fraction, 0);
    require_at_least("1 - warmup_fraction", 1 - options.warmup_fraction, 0);
    require_at_least("div_factor", options.div_factor, 1);
    require_at_least("final_div_factor", options.final_div_factor, 1);
  }

  double at(int64_t step) const override {
    const double most = options.max_learning_rate;
    const double first = most / options.div_factor;
    const double last = first / options.final_div_factor;
    const auto steps = static_cast<double>(options.total_steps);
    const double rise = options.warmup_fraction * steps;
    const auto now = static_cast<double>(step);
    if (now < rise) return most + (first - most) * cosine_fall(now / rise);
    const double fall = steps - rise;
    const double fraction = fall > 0 && now < steps ? (now - rise) / fall : 1;
    return last + (most - last) * cosine_fall(fraction);
  }
};

}  // namespace

OneCycle::OneCycle(OneCycleOptions options)
    : LearningRate(std::make_shared<OneCycleDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
