#include "cornu/schedules/learning_rate.h"

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/core/user_parts.h"
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
  return {S::kName, field_names<typename S::Options>, [](const Value::Map& config) -> LearningRate {
            typename S::Options options;
            fields_from_map(config, options, std::string(S::kName));
            return S(std::move(options));
          }};
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

LearningRate make_schedule(std::string_view name, const Value::Map& config) {
  std::vector<std::string> names;
  for (const ScheduleEntry& each : kSchedules) {
    if (same_name(each.name, name)) return each.make(config);
    names.push_back(snake_case(each.name));
  }
  throw unknown_name("learning_rate", "schedule", name, names);
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
  const auto* own = find_user_part<LearningRate>("schedule", part.name);
  x = own == nullptr ? make_schedule(part.name, part.config) : (*own)(part.config);
}

}  // namespace cornu::inline v0
