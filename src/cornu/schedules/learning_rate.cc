#include "cornu/schedules/learning_rate.h"

#include "cornu/core/names.h"
#include "cornu/schedules/cosine_decay.h"
#include "cornu/schedules/cosine_decay_restarts.h"
#include "cornu/schedules/exponential_decay.h"
#include "cornu/schedules/inverse_time_decay.h"
#include "cornu/schedules/one_cycle.h"
#include "cornu/schedules/piecewise_constant_decay.h"
#include "cornu/schedules/polynomial_decay.h"
#include "cornu/schedules/warm_up.h"

namespace cornu::inline v0 {
namespace {

template <class S>
constexpr ScheduleEntry schedule_entry_of() {
  return part_entry_of<LearningRate, S>(S::kName);
}

constexpr ScheduleEntry kSchedules[] = {
    schedule_entry_of<ExponentialDecay>(), schedule_entry_of<PiecewiseConstantDecay>(),
    schedule_entry_of<PolynomialDecay>(),  schedule_entry_of<InverseTimeDecay>(),
    schedule_entry_of<CosineDecay>(),      schedule_entry_of<CosineDecayRestarts>(),
    schedule_entry_of<WarmUp>(),           schedule_entry_of<OneCycle>(),
};

}  // namespace

std::span<const ScheduleEntry> schedule_table() {
  return kSchedules;
}

template <>
const PartTable<LearningRate>& part_table<LearningRate>() {
  static constexpr PartTable<LearningRate> table(
      {.kind = "schedule", .where = "learning_rate", .listed = snake_case}, kSchedules);
  return table;
}

LearningRate make_schedule(std::string_view name, const Value::Map& config) {
  return part_table<LearningRate>().make(name, config);
}

bool operator==(const LearningRate& a, const LearningRate& b) {
  if (a.schedule() == nullptr || b.schedule() == nullptr) {
    return a.schedule() == b.schedule() && a.rate_ == b.rate_;
  }
  return a.schedule()->name() == b.schedule()->name() &&
         a.schedule()->config() == b.schedule()->config();
}

Value to_value(const LearningRate& x) {
  if (x.schedule() == nullptr) return x.at(0);
  return to_value(NamedConfig{std::string(x.schedule()->name()), x.schedule()->config()});
}

void from_value(const Value& value, LearningRate& x) {
  if (value.is_number()) {
    x = value.as_double();
    return;
  }
  NamedConfig part;
  from_value(value, part);
  x = part_from_config<LearningRate>(part);
}

}  // namespace cornu::inline v0
