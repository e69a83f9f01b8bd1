#include "cornu/schedules/piecewise_constant_decay.h"

#include "cornu/schedules/schedule_with.h"

namespace cornu::inline v0 {
namespace {

class PiecewiseConstantDecayDescription final : public ScheduleWith<PiecewiseConstantDecay> {
 public:
  explicit PiecewiseConstantDecayDescription(PiecewiseConstantDecayOptions given)
      : ScheduleWith(std::move(given)) {
    const std::vector<int64_t>& ends = options.boundaries;
    for (size_t i = 1; i < ends.size(); ++i) {
      if (ends[i - 1] < ends[i]) continue;
      throw Error({.where = std::string(PiecewiseConstantDecay::kName),
                   .field = "boundaries",
                   .expected = "boundaries that ascend",
                   .found = std::to_string(ends[i - 1]) + ", " + std::to_string(ends[i])});
    }
    if (options.values.size() != ends.size() + 1) {
      throw Error({.where = std::string(PiecewiseConstantDecay::kName),
                   .field = "values",
                   .expected = "one value more than boundaries",
                   .found = std::to_string(options.values.size()) + " values and " +
                            std::to_string(ends.size()) + " boundaries"});
    }
    for (const double value : options.values) require_at_least("values", value, 0);
  }

  double at(int64_t step) const override {
    size_t i = 0;
    while (i < options.boundaries.size() && step > options.boundaries[i]) ++i;
    return options.values[i];
  }
};

}  // namespace

PiecewiseConstantDecay::PiecewiseConstantDecay(PiecewiseConstantDecayOptions options)
    : LearningRate(std::make_shared<PiecewiseConstantDecayDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
