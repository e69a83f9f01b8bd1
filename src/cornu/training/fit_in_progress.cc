#include "cornu/training/fit_in_progress.h"

#include <algorithm>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/graph/graph.h"
#include "cornu/training/epoch_counts.h"
#include "cornu/training/settings_difference.h"

namespace cornu::inline v0 {
namespace {

// Of the callbacks that remember something.
std::vector<std::string> names_of(const Callbacks& callbacks) {
  std::vector<std::string> names;
  for (const SharedCallback& each : callbacks) names.push_back(each->state_name());
  std::erase(names, "");
  return names;
}
std::vector<std::string> names_of(const std::vector<CallbackState>& callbacks) {
  std::vector<std::string> names;
  for (const CallbackState& each : callbacks) names.push_back(each.name);
  std::erase(names, "");
  return names;
}

std::string or_none(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& each : names) text += (text.empty() ? "" : ", ") + each;
  return text.empty() ? "none with a state" : text;
}

// Whether a model that had been trained so far when a fit began may be taken to the state of one
// that began as `before` says: if it has gone through that fit, or through a part of it.
bool is_at_or_after(const Value& here, const Value& before) {
  for (const char* const counted : {"epochs", "steps"}) {
    if (here[counted].as_int() < before[counted].as_int()) return false;
  }
  return true;
}

// The settings of a fit that takes its model back to the state of another.
Value::Map taken_back(Value::Map here, const Value& before) {
  const Value* const began = before.find("before");
  for (auto& [key, value] : here) {
    if (key == "before" && began != nullptr && is_at_or_after(value, *began)) value = *began;
  }
  return here;
}

}  // namespace

FitInProgress::FitInProgress(Learner& learner, const TrainingRun& run, const FitOptions& options)
    : learner_(learner),
      run_(run),
      callbacks_(options.callbacks),
      is_first_(!options.distribute || options.distribute->rank() == 0),
      earlier_epochs_(std::max<int64_t>(0, learner.next_epoch() - options.initial_epoch)),
      epoch_(options.initial_epoch) {
  history.params = {.verbose = options.verbose,
                    .epochs = options.epochs,
                    .steps = run.steps,
                    .validates = run.validation != nullptr};
}

bool FitInProgress::higher_is_better(std::string_view log) const {
  if (log.starts_with("val_")) log.remove_prefix(4);
  for (const OutputMetric& each : run_.counted.metrics) {
    if (each.name == log) return each.metric->higher_is_better();
  }
  return false;
}

std::vector<std::string> FitInProgress::log_names() const {
  Logs logs;
  EpochCounts(run_.counted, run_.spec, run_.training.plan()).log(logs);
  std::vector<std::string> names;
  for (const auto& [name, value] : logs) names.push_back(name);
  if (run_.validation == nullptr) return names;
  for (const auto& [name, value] : logs) names.push_back("val_" + name);
  return names;
}

bool FitInProgress::may_log(std::string_view name) const {
  const auto names = log_names();
  return std::ranges::find(names, name) != names.end() ||
         std::ranges::any_of(callbacks_, [&](const auto& each) { return each->may_log(name); });
}

bool FitInProgress::has_state_within_epochs() const {
  return EpochCounts(run_.counted, run_.spec, run_.training.plan()).has_state();
}

// Computed once: they hold a fingerprint of the data.
const Value::Map& FitInProgress::settings() const {
  if (!settings_) settings_ = run_.settings ? run_.settings() : Value::Map();
  return *settings_;
}

FitState FitInProgress::state() const {
  if (!paused_) {
    throw Error({.where = "Training",
                 .what = "state() was called outside on_pause",
                 .hint = "there alone a fit stands between two steps and all other hooks have "
                         "returned"});
  }
  FitState state{.settings = settings(),
                 .seed = learner_.seed(),
                 .weights = {},
                 .training = learner_.training_state(),
                 .feed = run_.feed.state(),
                 .history = history,
                 .epoch = epoch_,
                 .within_epoch = steps_ != nullptr,
                 .part = {},
                 .earlier_epochs = earlier_epochs_,
                 .stopped = stopped_,
                 .callbacks = {}};
  for (const NamedWeight& each : learner_.model().graph.weights()) {
    state.weights.emplace_back(each.name, each.weight->value);
  }
  if (steps_ != nullptr) {
    state.part = steps_->state();
    state.part.seconds = seconds_of_epoch();
    state.history.epochs.pop_back();  // the epoch is not over
  }
  for (const auto& each : callbacks_) state.callbacks.push_back(each->state());
  return state;
}

void FitInProgress::require_same(const FitState& state) const {
  // A model that was trained by a fit that ended is trained anew, not by the same fit.
  const bool goes_on =
      !state.stopped && (state.within_epoch || state.epoch < history.params.epochs);
  std::vector<std::string> differences = settings_differences(
      goes_on ? taken_back(settings(), state.settings) : settings(), state.settings);
  const std::vector<std::string> here = names_of(callbacks_);
  const std::vector<std::string> before = names_of(state.callbacks);
  if (here != before) {
    differences.push_back("callbacks: " + or_none(here) + ", before " + or_none(before));
  }
  if (differences.empty()) return;
  std::string all;
  for (const std::string& each : differences) all += (all.empty() ? "" : "; ") + each;
  throw Error({.where = "fit",
               .what = "the fit to be resumed is another one",
               .expected = "the same data, model and settings",
               .found = all,
               .hint = "another folder for the checkpoints begins anew"});
}

namespace {

void check_place(const FitState& state) {
  const EpochState& part = state.part;
  for (const int64_t count : {state.epoch, state.earlier_epochs, part.steps, part.samples}) {
    check_state_count("the state of a fit", count);
  }
  const auto corrupt = [](const char* expected) {
    return Error({.kind = ErrorKind::corrupt, .where = "the state of a fit", .expected = expected});
  };
  if (!(part.seconds >= 0)) throw corrupt("seconds of 0 or more");
  if (state.within_epoch && part.steps != state.feed.steps_of_epoch) {
    throw corrupt("as many steps of the epoch as batches that were taken");
  }
  if (state.within_epoch && state.training.epochs_begun == 0) {
    throw corrupt("an epoch that was begun");
  }
}

}  // namespace

void FitInProgress::resume(FitState state) {
  if (begun_) {
    throw Error({.where = "Training", .what = "resume() was called after on_train_begin"});
  }
  check_place(state);
  require_same(state);
  const auto own = learner_.model().graph.weights();
  std::vector<Tensor> weights;
  for (const NamedWeight& each : own) {
    const auto found = std::ranges::find_if(
        state.weights, [&](const auto& stored) { return stored.first == each.name; });
    if (found == state.weights.end()) {
      throw Error({.kind = ErrorKind::corrupt,
                   .where = "the state of a fit",
                   .what = "has no weight " + each.name});
    }
    weights.push_back(std::move(found->second));
  }
  run_.feed.resume(state.feed);
  learner_.resume(state.training);
  learner_.set_weights(weights);
  learner_.set_seed(state.seed);
  const History::Params params = history.params;
  history = state.history;
  history.params = params;
  history.stopped = false;
  earlier_epochs_ = state.earlier_epochs;
  epoch_ = state.epoch;
  stopped_ = state.stopped;
  settings_ = state.settings;
  resumed_ = std::move(state);
  resumed_weights_ = std::move(weights);
}

void FitInProgress::resume_callbacks() {
  begun_ = true;
  fit_timer_.begin(history.seconds + (resumed_ ? resumed_->part.seconds : 0));
  if (!resumed_) return;
  learner_.resume(resumed_->training);
  learner_.set_weights(resumed_weights_);
  resumed_weights_.clear();
  auto next = resumed_->callbacks.begin();
  for (const auto& each : callbacks_) {
    if (each->state_name().empty()) continue;
    while (next->name.empty()) ++next;  // there is one for each, or the fit would be another one
    each->set_state(*next++);
  }
}

std::optional<EpochState> FitInProgress::take_part() {
  std::optional<EpochState> part;
  if (resumed_ && resumed_->within_epoch) part = std::move(resumed_->part);
  resumed_.reset();
  epoch_timer_.begin(part ? part->seconds : 0);
  return part;
}

void FitInProgress::pause(const Pause& pause) {
  paused_ = true;
  for (const bool takes_state : {false, true}) {
    for (const auto& each : callbacks_) {
      if (each->takes_state() == takes_state) each->on_pause(pause);
    }
  }
  paused_ = false;
}

}  // namespace cornu::inline v0
