#include "cornu/training/epoch_steps.h"

#include <algorithm>
#include <chrono>

#include "cornu/training/evaluation.h"

namespace cornu::inline v0 {

EpochSteps::EpochSteps(Learner& learner, const TrainingRun& run, const FitOptions& options,
                       Fit& fit, Workspace& workspace, uint64_t epoch, Progress& progress,
                       EpochRecord& record)
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
  if (run.sharing.processes != nullptr) {
    shared_.emplace(run.training.plan(), counts_.slots(), run.sharing);
  }
  // Reserves memory, so that no step allocates.
  counts_.log(record_.logs);
  if (watched_) rates_.reserve(static_cast<size_t>(run.steps));
}

void EpochSteps::resume(const EpochState& part) {
  counts_.resume(part.counts);
  counts_.log(record_.logs);
  step_ = next_ = part.steps;
  samples_ = part.samples;
}

EpochState EpochSteps::state() const {
  return {.steps = step_, .samples = samples_, .seconds = 0, .counts = counts_.state()};
}

void EpochSteps::run() {
  if (!shared_) return run_steps();
  run_.training.share_weights(workspace_);
  run_steps();
  run_.training.gather_states(workspace_);
  shared_->end_steps();
  stopped_ = stopped_ || options_.stop.stop_requested();
}

void EpochSteps::run_steps() {
  do {
    if (!run_.feed.has_next() || is_over()) return;
    if (watched_) {
      for (const auto& each : options_.callbacks) each->on_train_batch_begin(step_);
      stopped_ = stopped_ || options_.stop.stop_requested();
    }
    paused_ = pause_wanted_ = false;
    const int64_t before = step_;
    run_executor();
    if (pause_wanted_ && step_ > before) {
      counts_.log(record_.logs);
      fit_.pause(record_.logs);
      stopped_ = stopped_ || options_.stop.stop_requested();
    }
    if (step_ == before) return;
  } while (paused_);
}

void EpochSteps::run_executor() {
  if (!shared_) return run_.training.run(*this, workspace_);
  const double exchanged = shared_->seconds();
  const auto begin = std::chrono::steady_clock::now();
  run_.training.run(*this, workspace_);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  computed_ += taken.count() - (shared_->seconds() - exchanged);
}

bool EpochSteps::wants_pause(int64_t step) const {
  bool wanted = false;
  for (const auto& each : options_.callbacks) wanted = each->wants_pause(step) || wanted;
  return wanted;
}

Step EpochSteps::next() {
  if (is_over() || paused_) return {};
  Batch* const batch = run_.feed.next();
  if (batch == nullptr) return {};
  if (shared_) shared_->begin_step();
  pause_wanted_ = wants_pause(next_);
  if (pause_wanted_) pause_after_ = next_;
  ++next_;
  paused_ = watched_ || pause_wanted_;
  const Context context = learner_.begin_step(epoch_);
  if (watched_) rates_.push_back(context.learning_rate);
  return {batch, context};
}

void EpochSteps::gather(const Step& step, int64_t begin, int64_t end) {
  run_.feed.gather(*step.batch, begin, end);
}

void EpochSteps::done(const Step& step) {
  const OwnResults own(run_.training, workspace_, *step.batch);
  // Whoever pauses may save the states, of which the others have slices.
  if (shared_ && shared_->gather(own, *step.batch, pause_after_ == step_)) {
    run_.training.gather_states(workspace_);
  }
  counts_.add(shared_ ? static_cast<const BatchResults&>(*shared_) : own);
  samples_ += step.batch->all_rows();
  if (progress_.due() || watched_) counts_.log(record_.logs);
  progress_.step(samples_, record_.logs);
  if (watched_) {
    for (const auto& each : options_.callbacks) each->on_train_batch_end(step_, record_.logs);
  }
  ++step_;
  stopped_ = options_.stop.stop_requested();
}

}  // namespace cornu::inline v0
