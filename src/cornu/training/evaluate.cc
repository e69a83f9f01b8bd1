#include "cornu/training/evaluation.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "cornu/training/not_finite.h"

namespace cornu::inline v0 {
namespace {

class EvaluationSteps final : public Steps {
 public:
  EvaluationSteps(Feed& feed, EpochCounts& counts, const Executor& executor,
                  const Workspace& workspace, const StopToken& stop, Progress* progress,
                  const Sharing& sharing)
      : feed_(feed),
        counts_(counts),
        executor_(executor),
        workspace_(workspace),
        stop_(stop),
        progress_(progress) {
    if (sharing.processes != nullptr) {
      shared_.emplace(executor.plan(), counts.slots(), sharing);
    }
    // Reserves memory, so that no step allocates.
    if (progress_ != nullptr) counts_.log(logs_);
  }

  /// Runs each step separately, instead of all in one run.
  void one_at_a_time() { pauses_ = true; }
  void go_on() { paused_ = false; }
  bool is_over() const { return stop_.stop_requested() || (shared_ && shared_->is_over()); }
  void end() const {
    if (shared_) shared_->end_steps();
  }

  Step next() override {
    if (paused_ || is_over()) return {};
    Batch* const batch = feed_.next();
    if (batch == nullptr) return {};
    if (shared_) shared_->begin_step();
    paused_ = pauses_;
    return {batch, {}};
  }
  void gather(const Step& step, int64_t begin, int64_t end) override {
    feed_.gather(*step.batch, begin, end);
  }
  void done(const Step& step) override {
    const OwnResults own(executor_, workspace_, *step.batch);
    if (shared_) shared_->gather(own, *step.batch);
    counts_.add(shared_ ? static_cast<const BatchResults&>(*shared_) : own);
    ++done_;
    if (progress_ == nullptr) return;
    samples_ += step.batch->all_rows();
    if (progress_->due()) counts_.log(logs_);
    progress_->step(samples_, logs_);
  }
  int64_t count() const { return done_; }

 private:
  Feed& feed_;
  EpochCounts& counts_;
  const Executor& executor_;
  const Workspace& workspace_;
  const StopToken& stop_;
  Progress* const progress_;
  std::optional<SharedResults> shared_;
  Logs logs_;
  bool pauses_ = false, paused_ = false;
  int64_t done_ = 0, samples_ = 0;
};

}  // namespace

bool watch_batches(const Callbacks& callbacks) {
  return std::ranges::any_of(callbacks, [](const auto& each) { return each->watches_batches(); });
}

Logs evaluate(const Executor& executor, Workspace& workspace, Feed& feed, const Spec& spec,
              const Counted& counted, const Callbacks& callbacks, const StopToken& stop,
              Progress* progress, const Sharing& sharing) {
  EpochCounts counts(counted, spec, executor.plan());
  EvaluationSteps steps(feed, counts, executor, workspace, stop, progress, sharing);
  for (const auto& callback : callbacks) callback->on_test_begin();
  feed.begin_epoch(0);
  Logs logs;
  if (watch_batches(callbacks)) {
    steps.one_at_a_time();
    for (int64_t step = 0; feed.has_next() && !steps.is_over(); ++step) {
      for (const auto& callback : callbacks) callback->on_test_batch_begin(step);
      steps.go_on();
      executor.run(steps, workspace);
      if (steps.count() == step) break;
      counts.log(logs);
      for (const auto& callback : callbacks) callback->on_test_batch_end(step, logs);
    }
  } else {
    executor.run(steps, workspace);
  }
  steps.end();
  if (steps.count() == 0) return logs;
  counts.log(logs);
  if (stop.stop_requested()) return logs;
  if (!std::isfinite(logs["loss"])) {
    if (auto error = find_not_finite_sample(feed, executor, spec)) throw *std::move(error);
  }
  for (const auto& callback : callbacks) callback->on_test_end(logs);
  return logs;
}

}  // namespace cornu::inline v0
