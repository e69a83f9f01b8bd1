#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/core/part_table.h"

namespace cornu::inline v0 {

/// How a learning rate changes with the steps. Derive from this to write your own; at() may be
/// called from several threads.
class CORNU_API ScheduleDescription {
 public:
  virtual ~ScheduleDescription() = default;
  /// Keras's class name, "CosineDecay".
  virtual std::string_view name() const = 0;
  virtual Value::Map config() const { return {}; }
  /// The rate of update number `step`, from 0.
  virtual double at(int64_t step) const = 0;
};

/// A learning rate: a number or a schedule, as in Adam({.learning_rate =
/// CosineDecay({.initial_learning_rate = 0.01, .decay_steps = 1000})}). The object never changes:
/// threads may use one, and its copies, at the same time.
class CORNU_API LearningRate {
 public:
  LearningRate(double rate = 0) : rate_(rate) {}  // NOLINT: converts on purpose
  explicit LearningRate(std::shared_ptr<const ScheduleDescription> schedule)
      : schedule_(std::move(schedule)) {}
  // A move is a copy: the source is unchanged.
  LearningRate(const LearningRate&) = default;
  LearningRate& operator=(const LearningRate&) = default;

  double at(int64_t step) const { return schedule_ == nullptr ? rate_ : schedule_->at(step); }
  /// Null for a number.
  const ScheduleDescription* schedule() const { return schedule_.get(); }

  friend bool operator==(const LearningRate& a, const LearningRate& b);

 private:
  double rate_ = 0;
  std::shared_ptr<const ScheduleDescription> schedule_;
};

CORNU_API bool operator==(const LearningRate& a, const LearningRate& b);

using ScheduleEntry = PartEntry<LearningRate>;
template <>
CORNU_API const PartTable<LearningRate>& part_table<LearningRate>();
/// Cornu's schedules.
CORNU_API std::span<const ScheduleEntry> schedule_table();

/// A schedule from its name, "CosineDecay" or "cosine_decay", and options. Error for an unknown
/// name; it lists known ones.
CORNU_API LearningRate make_schedule(std::string_view name, const Value::Map& config = {});

/// The number, or {"class_name": …, "config": {…}}.
CORNU_API Value to_value(const LearningRate& x);
CORNU_API void from_value(const Value& value, LearningRate& x);

}  // namespace cornu::inline v0
