#include "cornu/training/evaluation.h"

#include <algorithm>
#include <cmath>

#include "cornu/training/not_finite.h"

namespace cornu::inline v0 {
namespace {

class EvaluationSteps final : public Steps {
 public:
  EvaluationSteps(Feed& feed, EpochCounts& counts, const Executor& executor,
                  const Workspace& workspace, const StopToken& stop, Progress* progress)
      : feed_(feed),
        counts_(counts),
        executor_(executor),
        workspace_(workspace),
        stop_(stop),
        progress_(progress) {
    // Reserves memory, so that no step allocates.
    if (progress_ != nullptr) counts_.log(logs_);
  }

  /// Runs each step separately, instead of all in one run.
  void one_at_a_time() { pauses_ = true; }
  void go_on() { paused_ = false; }

  Step next() override {
    if (paused_ || stop_.stop_requested()) return {};
    Batch* const batch = feed_.next();
    paused_ = pauses_;
    return {batch, {}};
  }
  void gather(const Step& step, int64_t begin, int64_t end) override {
    feed_.gather(*step.batch, begin, end);
  }
  void done(const Step& step) override {
    counts_.add(OwnResults(executor_, workspace_, *step.batch));
    ++done_;
    if (progress_ == nullptr) return;
    samples_ += step.batch->rows;
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
              Progress* progress) {
  EpochCounts counts(counted, spec, executor.plan());
  EvaluationSteps steps(feed, counts, executor, workspace, stop, progress);
  for (const auto& callback : callbacks) callback->on_test_begin();
  feed.begin_epoch(0);
  Logs logs;
  if (watch_batches(callbacks)) {
    steps.one_at_a_time();
    for (int64_t step = 0; feed.has_next() && !stop.stop_requested(); ++step) {
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
