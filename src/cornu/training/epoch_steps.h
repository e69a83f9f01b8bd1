#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "cornu/plan/executor.h"
#include "cornu/training/epoch_counts.h"
#include "cornu/training/fit.h"
#include "cornu/training/learner.h"
#include "cornu/training/progress.h"

namespace cornu::inline v0 {

/// The steps of one epoch. Callbacks that watch batches see one at a time; where one wants a pause,
/// a run of the executor ends.
class EpochSteps final : public Steps {
 public:
  /// What it asks of the fit and tells it.
  class Fit {
   public:
    virtual ~Fit() = default;
    /// Whether a callback has ended the fit; asked on any thread.
    virtual bool stopped() const = 0;
    /// All hooks of a step have returned, and a callback wanted a pause.
    virtual void pause(const Logs& logs) = 0;
  };

  /// Everything but `record` must outlive it; that is the epoch's until the next epoch.
  EpochSteps(Learner& learner, const TrainingRun& run, const FitOptions& options, Fit& fit,
             Workspace& workspace, uint64_t epoch, Progress& progress, EpochRecord& record);

  /// Continues an epoch of which a part is done.
  void resume(const EpochState& part);
  /// Runs all of them, or those before a stop was requested.
  void run();

  bool stopped() const { return stopped_; }
  int64_t count() const { return step_; }
  /// Seconds that this process has computed, of several that share the steps.
  double computed() const { return computed_; }
  void log(Logs& logs) const { counts_.log(logs); }
  bool has_state() const { return counts_.has_state(); }
  /// The part that is done, without its seconds.
  EpochState state() const;
  /// The learning rates of the steps, if callbacks may have set them.
  const std::vector<double>& rates() const { return rates_; }

  Step next() override;
  void gather(const Step& step, int64_t begin, int64_t end) override;
  void done(const Step& step) override;

 private:
  bool is_over() const { return stopped_ || fit_.stopped() || (shared_ && shared_->is_over()); }
  void run_steps();
  void run_executor();
  bool wants_pause(int64_t step) const;

  Learner& learner_;
  const TrainingRun& run_;
  const FitOptions& options_;
  Fit& fit_;
  Workspace& workspace_;
  const uint64_t epoch_;
  Progress& progress_;
  EpochRecord& record_;
  EpochCounts counts_;
  std::optional<SharedResults> shared_;
  const bool watched_;
  bool paused_ = false;                    ///< no further step in this run
  bool pause_wanted_ = false;              ///< by a callback, after this run
  std::atomic<int64_t> pause_after_ = -1;  ///< that step
  std::vector<double> rates_;
  std::atomic<bool> stopped_ = false;  // next and done may run at the same time
  double computed_ = 0;
  int64_t samples_ = 0;
  int64_t step_ = 0;  ///< done
  int64_t next_ = 0;  ///< begun
};

}  // namespace cornu::inline v0
