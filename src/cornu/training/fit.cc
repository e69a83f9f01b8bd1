#include "cornu/training/learner.h"

#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "cornu/core/communicator.h"
#include "cornu/core/error.h"
#include "cornu/core/rng.h"
#include "cornu/training/epoch_steps.h"
#include "cornu/training/fit_in_progress.h"
#include "cornu/training/not_finite.h"
#include "cornu/training/processes.h"
#include "cornu/training/progress.h"

namespace cornu::inline v0 {
namespace {

/// While this lives, callbacks watch this fit; afterwards the one that they watched before.
class Watched {
 public:
  Watched(const Callbacks& callbacks, Training& training) : callbacks_(callbacks) {
    for (const auto& each : callbacks_) before_.push_back(each->watch(&training));
  }
  // In reverse, so that a callback given twice ends with the fit that it watched first.
  ~Watched() {
    for (size_t i = callbacks_.size(); i-- > 0;) {
      callbacks_[i]->watch(before_[i]);
      if (before_[i] == nullptr) callbacks_[i]->release();
    }
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

 private:
  const Callbacks& callbacks_;
  std::vector<Training*> before_;
};

// Each validation uses the same samples, from the first on. One that is stopped leaves no logs.
void validate(const TrainingRun& run, const FitOptions& options, Workspace& workspace, Logs& logs) {
  run.validation_feed->rewind();
  const Logs found = evaluate(*run.validation, workspace, *run.validation_feed, run.validation_spec,
                              run.counted, options.callbacks, options.stop, nullptr, run.sharing);
  if (options.stop.stop_requested()) return;
  for (const auto& [name, value] : found) logs.set("val_" + name, value);
}

// The error for an epoch that ended with numbers that are not finite.
Error not_finite_error(Learner& learner, const TrainingRun& run, uint64_t epochs_begun,
                       int64_t epoch, std::span<const double> rates) {
  if (auto found = find_not_finite(learner, run, epochs_begun, epoch, rates)) {
    return *std::move(found);
  }
  return Error({.where = "fit",
                .what = "loss or weights are not finite after epoch " + std::to_string(epoch + 1),
                .hint = "a smaller learning_rate, inputs scaled to [0, 1], clipnorm; the model's "
                        "weights are those from before the epoch"});
}

/// The loop of a fit.
class FitLoop {
 public:
  FitLoop(Learner& learner, const TrainingRun& run, const FitOptions& options)
      : learner_(learner),
        run_(run),
        options_(options),
        workspace_(run.training.make_workspace()),
        validation_workspace_(run.validation ? run.validation->make_workspace() : nullptr),
        fit_(learner, run, options),
        watched_(options.callbacks, fit_),
        progress_(options.verbose, {options.stream, options.progress_style, options.live_bar}) {}

  History run();

 private:
  /// All processes ask at the same places. A stop of one, by the clock for example, holds for all.
  bool is_over() {
    if (options_.distribute && is_true_of_any(*options_.distribute, fit_.stopped())) fit_.stop();
    history_.stopped = history_.stopped || options_.stop.stop_requested();
    return history_.stopped || fit_.stopped();
  }
  void begin_training();
  void train_epoch();
  /// Sets the logs of an epoch whose steps are done. Error if they are not finite.
  void count(const EpochSteps& steps, uint64_t begun, EpochRecord& record);
  void end_epoch(EpochRecord& record);

  Learner& learner_;
  const TrainingRun& run_;
  const FitOptions& options_;
  const std::unique_ptr<Workspace> workspace_, validation_workspace_;
  FitInProgress fit_;
  History& history_ = fit_.history;
  const Watched watched_;
  Progress progress_;
  double computed_ = 0;  ///< seconds, of several processes
};

History FitLoop::run() {
  progress_.begin({run_.samples, run_.steps},
                  run_.validation == nullptr ? 0 : run_.validation_spec.size, options_.epochs);
  begin_training();
  while (fit_.epoch() < options_.epochs && !is_over()) train_epoch();
  if (!history_.epochs.empty()) learner_.end_fit();
  if (options_.distribute) {
    history_.process_seconds.resize(static_cast<size_t>(options_.distribute->size()));
    all_gather(*options_.distribute, std::as_bytes(std::span(&computed_, 1)),
               std::as_writable_bytes(std::span(history_.process_seconds)));
  }
  for (const auto& callback : options_.callbacks) callback->on_train_end(history_);
  return std::move(history_);
}

// A fit that may not be resumed, or whose folder another process writes, ends before a callback has
// emptied its file.
void FitLoop::begin_training() {
  for (const bool takes_state : {true, false}) {
    for (const auto& callback : options_.callbacks) {
      if (callback->takes_state() == takes_state) callback->on_train_begin();
    }
  }
  fit_.resume_callbacks();
  if (!options_.distribute) return;
  const std::vector<Tensor> weights = learner_.weights();
  require_same_begin(*options_.distribute, {.settings = fit_.settings(),
                                            .seed = learner_.seed(),
                                            .epochs = options_.epochs,
                                            .epoch = fit_.epoch(),
                                            .steps_of_epoch = fit_.steps_of_part(),
                                            .weights = weights});
}

void FitLoop::train_epoch() {
  const std::optional<EpochState> part = fit_.take_part();
  const int64_t epoch = fit_.epoch();
  if (!part) {
    for (const auto& callback : options_.callbacks) callback->on_epoch_begin(epoch);
    if (is_over()) return;
  }
  progress_.begin_epoch(epoch);
  learner_.keep();
  const uint64_t begun = part ? learner_.epochs_of_life() - 1 : learner_.begin_epoch();
  if (!part) run_.feed.begin_epoch(mix(mix(learner_.seed(), name_hash("shuffle")), begun));
  history_.epochs.push_back({.epoch = epoch, .logs = {}, .seconds = 0});
  EpochRecord& record = history_.epochs.back();
  EpochSteps steps(learner_, run_, options_, fit_, *workspace_, begun, progress_, record);
  if (part) steps.resume(*part);
  fit_.begin_steps(steps);
  steps.run();
  computed_ += steps.computed();
  history_.stopped = steps.stopped();
  if (steps.count() > 0) count(steps, begun, record);
  const bool is_cut = options_.stop.stop_requested();
  history_.stopped = is_cut;
  if (is_cut) fit_.pause({.within_epoch = true, .is_last = true, .logs = record.logs});
  fit_.end_steps();
  if (steps.count() == 0) {
    history_.epochs.pop_back();  // it has no values
    if (is_over()) return;
    throw Error({.where = "fit",
                 .what = "the stream has no more samples in epoch " + std::to_string(epoch + 1),
                 .hint = "let its rewind() begin again, or fit fewer epochs"});
  }
  end_epoch(record);
  const bool is_last = is_over() || fit_.epoch() >= options_.epochs;
  if (!is_cut) fit_.pause({.within_epoch = false, .is_last = is_last, .logs = record.logs});
}

void FitLoop::count(const EpochSteps& steps, uint64_t begun, EpochRecord& record) {
  steps.log(record.logs);
  const bool is_finite = std::isfinite(record.logs["loss"]) && learner_.is_finite();
  if (!is_finite && !fit_.stopped()) {
    throw not_finite_error(learner_, run_, begun, record.epoch, steps.rates());
  }
  const bool due = (record.epoch + 1) % options_.validation_freq == 0;
  if (run_.validation != nullptr && due && !history_.stopped) {
    validate(run_, options_, *validation_workspace_, record.logs);
  }
}

void FitLoop::end_epoch(EpochRecord& record) {
  history_.team = run_.training.team_use(*workspace_);
  record.seconds = fit_.seconds_of_epoch();
  history_.seconds = fit_.seconds_of_fit();
  learner_.set_next_epoch(fit_.epoch_of_life(record.epoch) + 1);
  fit_.end_epoch();
  for (const auto& callback : options_.callbacks) callback->on_epoch_end(record, history_);
  progress_.end_epoch(record.logs);
}

}  // namespace

History train(Learner& learner, const TrainingRun& run, const FitOptions& options) {
  return FitLoop(learner, run, options).run();
}

}  // namespace cornu::inline v0
