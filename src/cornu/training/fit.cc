#include "cornu/training/learner.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/rng.h"
#include "cornu/training/not_finite.h"
#include "cornu/training/progress.h"

namespace cornu::inline v0 {
namespace {

/// The fit as its callbacks see it.
class Fit final : public Training {
 public:
  Fit(Learner& learner, const TrainingRun& run, const Callbacks& callbacks, const History& history,
      int64_t initial_epoch)
      : learner_(learner),
        run_(run),
        callbacks_(callbacks),
        history_(history),
        earlier_epochs_(std::max<int64_t>(0, learner.next_epoch() - initial_epoch)) {}

  const History::Params& params() const override { return history_.params; }
  void stop() override { stopped_ = true; }
  TrainedModel model() const override { return learner_.model(); }
  int64_t steps() const override { return learner_.steps_of_life(); }
  int64_t epoch_of_life(int64_t epoch) const override { return epoch + earlier_epochs_; }
  double learning_rate() const override { return learner_.learning_rate(); }
  void set_learning_rate(double rate) override { learner_.set_learning_rate(rate); }
  bool has_schedule() const override { return learner_.has_schedule(); }
  std::vector<Tensor> weights() const override { return learner_.weights(); }
  void set_weights(const std::vector<Tensor>& weights) override { learner_.set_weights(weights); }

  bool higher_is_better(std::string_view log) const override {
    if (log.starts_with("val_")) log.remove_prefix(4);
    for (const OutputMetric& each : run_.counted.metrics) {
      if (each.name == log) return each.metric->higher_is_better();
    }
    return false;
  }

  std::vector<std::string> log_names() const override {
    Logs logs;
    EpochCounts(run_.counted, run_.spec, run_.training.plan()).log(logs);
    std::vector<std::string> names;
    for (const auto& [name, value] : logs) names.push_back(name);
    if (run_.validation == nullptr) return names;
    for (const auto& [name, value] : logs) names.push_back("val_" + name);
    return names;
  }
  bool may_log(std::string_view name) const override {
    const auto names = log_names();
    return std::ranges::find(names, name) != names.end() ||
           std::ranges::any_of(callbacks_, [&](const auto& each) { return each->may_log(name); });
  }

  bool stopped() const { return stopped_; }

 private:
  Learner& learner_;
  const TrainingRun& run_;
  const Callbacks& callbacks_;
  const History& history_;
  const int64_t earlier_epochs_;       // of the model, that this fit's numbers do not count
  std::atomic<bool> stopped_ = false;  // next() may run on other threads
};

/// While this lives, callbacks watch this fit; afterwards the one that they watched before.
class Watched {
 public:
  Watched(const Callbacks& callbacks, Training& training) : callbacks_(callbacks) {
    for (const auto& each : callbacks_) before_.push_back(each->watch(&training));
  }
  // In reverse, so that a callback given twice ends with the fit that it watched first.
  ~Watched() {
    for (size_t i = callbacks_.size(); i-- > 0;) callbacks_[i]->watch(before_[i]);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

 private:
  const Callbacks& callbacks_;
  std::vector<Training*> before_;
};

/// The steps of one epoch; callbacks that watch batches see one at a time.
class EpochSteps final : public Steps {
 public:
  EpochSteps(Learner& learner, const TrainingRun& run, const FitOptions& options, const Fit& fit,
             const Workspace& workspace, uint64_t epoch, Progress& progress, EpochRecord& record)
      : learner_(learner),
        run_(run),
        options_(options),
        fit_(fit),
        workspace_(workspace),
        epoch_(epoch),
        progress_(progress),
        record_(record),
        counts_(run.counted, run.spec, run.training.plan()),
        watched_(watch_batches(options.callbacks)) {
    // Reserves memory, so that no step allocates.
    counts_.log(record_.logs);
    if (watched_) rates_.reserve(static_cast<size_t>(run.steps));
  }

  /// Runs all of them, or those before a stop was requested.
  void run(Workspace& workspace) {
    if (!watched_) return run_.training.run(*this, workspace);
    while (run_.feed.has_next() && !is_over()) {
      for (const auto& each : options_.callbacks) each->on_train_batch_begin(step_);
      stopped_ = stopped_ || options_.stop.stop_requested();
      paused_ = false;
      const int64_t before = step_;
      run_.training.run(*this, workspace);
      if (step_ == before) return;
    }
  }

  bool stopped() const { return stopped_; }
  int64_t count() const { return step_; }
  void log(Logs& logs) const { counts_.log(logs); }
  /// The learning rates of the steps, if callbacks may have set them.
  const std::vector<double>& rates() const { return rates_; }

  Step next() override {
    if (is_over() || paused_) return {};
    Batch* const batch = run_.feed.next();
    if (batch == nullptr) return {};
    paused_ = watched_;
    const Context context = learner_.begin_step(epoch_);
    if (watched_) rates_.push_back(context.learning_rate);
    return {batch, context};
  }

  void gather(const Step& step, int64_t begin, int64_t end) override {
    run_.feed.gather(*step.batch, begin, end);
  }

  void done(const Step& step) override {
    counts_.add(run_.training, workspace_, *step.batch);
    samples_ += step.batch->rows;
    if (progress_.due() || watched_) counts_.log(record_.logs);
    progress_.step(samples_, record_.logs);
    if (watched_) {
      for (const auto& each : options_.callbacks) each->on_train_batch_end(step_, record_.logs);
    }
    ++step_;
    stopped_ = options_.stop.stop_requested();
  }

 private:
  bool is_over() const { return stopped_ || fit_.stopped(); }

  Learner& learner_;
  const TrainingRun& run_;
  const FitOptions& options_;
  const Fit& fit_;
  const Workspace& workspace_;
  const uint64_t epoch_;
  Progress& progress_;
  EpochRecord& record_;
  EpochCounts counts_;
  const bool watched_;
  bool paused_ = false;
  std::vector<double> rates_;
  std::atomic<bool> stopped_ = false;  // next and done may run at the same time
  int64_t samples_ = 0, step_ = 0;
};

// Each validation uses the same samples, from the first on. One that is stopped leaves no logs.
void validate(const TrainingRun& run, const FitOptions& options, Workspace& workspace, Logs& logs) {
  run.validation_feed->rewind();
  const Logs found = evaluate(*run.validation, workspace, *run.validation_feed, run.validation_spec,
                              run.counted, options.callbacks, options.stop, nullptr);
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

}  // namespace

History train(Learner& learner, const TrainingRun& run, const FitOptions& options) {
  using Clock = std::chrono::steady_clock;
  const auto workspace = run.training.make_workspace();
  const auto validation_workspace = run.validation ? run.validation->make_workspace() : nullptr;
  History history;
  history.params = {.verbose = options.verbose,
                    .epochs = options.epochs,
                    .steps = run.steps,
                    .validates = run.validation != nullptr};
  Fit fit(learner, run, options.callbacks, history, options.initial_epoch);
  const Watched watched(options.callbacks, fit);
  Progress progress(options.verbose, {options.stream, options.progress_style, options.live_bar});
  progress.begin({run.samples, run.steps}, run.validation == nullptr ? 0 : run.validation_spec.size,
                 options.epochs);
  for (const auto& callback : options.callbacks) callback->on_train_begin();

  const auto is_over = [&] {
    history.stopped = history.stopped || options.stop.stop_requested();
    return history.stopped || fit.stopped();
  };
  const auto begin = Clock::now();
  for (int64_t epoch = options.initial_epoch; epoch < options.epochs && !is_over(); ++epoch) {
    const auto epoch_begin = Clock::now();
    for (const auto& callback : options.callbacks) callback->on_epoch_begin(epoch);
    if (is_over()) break;
    progress.begin_epoch(epoch);

    learner.keep();
    const uint64_t begun = learner.begin_epoch();
    run.feed.begin_epoch(mix(mix(learner.seed(), name_hash("shuffle")), begun));
    history.epochs.push_back({.epoch = epoch, .logs = {}, .seconds = 0});
    EpochRecord& record = history.epochs.back();
    EpochSteps steps(learner, run, options, fit, *workspace, begun, progress, record);
    steps.run(*workspace);
    history.stopped = steps.stopped();
    if (steps.count() == 0) {
      history.epochs.pop_back();  // it has no values
      if (is_over()) break;
      throw Error({.where = "fit",
                   .what = "the stream has no more samples in epoch " + std::to_string(epoch + 1),
                   .hint = "let its rewind() begin again, or fit fewer epochs"});
    }
    steps.log(record.logs);
    const bool is_finite = std::isfinite(record.logs["loss"]) && learner.is_finite();
    if (!is_finite && !fit.stopped()) {
      throw not_finite_error(learner, run, begun, epoch, steps.rates());
    }
    const bool due = (epoch + 1) % options.validation_freq == 0;
    if (run.validation != nullptr && due && !history.stopped) {
      validate(run, options, *validation_workspace, record.logs);
    }
    history.team = run.training.team_use(*workspace);
    record.seconds = std::chrono::duration<double>(Clock::now() - epoch_begin).count();
    history.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    learner.set_next_epoch(fit.epoch_of_life(epoch) + 1);
    for (const auto& callback : options.callbacks) callback->on_epoch_end(record, history);
    progress.end_epoch(record.logs);
    history.stopped = history.stopped || options.stop.stop_requested();
  }
  if (!history.epochs.empty()) learner.end_fit();
  for (const auto& callback : options.callbacks) callback->on_train_end(history);
  return history;
}

}  // namespace cornu::inline v0
