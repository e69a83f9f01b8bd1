#include "cornu/schedules/cosine_decay_restarts.h"

#include "cornu/schedules/schedule_with.h"

namespace cornu::inline v0 {
namespace {

class CosineDecayRestartsDescription final : public ScheduleWith<CosineDecayRestarts> {
 public:
  explicit CosineDecayRestartsDescription(CosineDecayRestartsOptions given)
      : ScheduleWith(std::move(given)) {
    require_at_least("initial_learning_rate", options.initial_learning_rate, 0);
    require_at_least("first_decay_steps", static_cast<double>(options.first_decay_steps), 1);
    require_at_least("t_mul", options.t_mul, 1);
    require_at_least("m_mul", options.m_mul, 0);
    require_at_least("alpha", options.alpha, 0);
  }

  double at(int64_t step) const override {
    // `fraction` becomes the position in the present decay; the unit is the first decay's length.
    double fraction = static_cast<double>(step) / static_cast<double>(options.first_decay_steps);
    double length = 1;
    double height = 1;
    if (options.t_mul == 1) {
      const double restarts = std::floor(fraction);
      fraction -= restarts;
      height = pow_of(options.m_mul, restarts);
    }
    while (fraction >= length) {
      fraction -= length;
      length *= options.t_mul;
      height *= options.m_mul;
    }
    const double fall = height * cosine_fall(fraction / length);
    return options.initial_learning_rate * ((1 - options.alpha) * fall + options.alpha);
  }
};

}  // namespace

CosineDecayRestarts::CosineDecayRestarts(CosineDecayRestartsOptions options)
    : LearningRate(std::make_shared<CosineDecayRestartsDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
