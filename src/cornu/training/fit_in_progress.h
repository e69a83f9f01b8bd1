#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/training/epoch_steps.h"
#include "cornu/training/fit.h"
#include "cornu/training/learner.h"

namespace cornu::inline v0 {

/// A fit as its callbacks see it, and its place between two steps.
class FitInProgress final : public Training, public EpochSteps::Fit {
 public:
  FitInProgress(Learner& learner, const TrainingRun& run, const FitOptions& options);

  const History::Params& params() const override { return history.params; }
  bool is_first() const override { return is_first_; }
  void stop() override { stopped_ = true; }
  TrainedModel model() const override { return learner_.model(); }
  int64_t steps() const override { return learner_.steps_of_life(); }
  int64_t epoch_of_life(int64_t epoch) const override { return epoch + earlier_epochs_; }
  double learning_rate() const override { return learner_.learning_rate(); }
  void set_learning_rate(double rate) override { learner_.set_learning_rate(rate); }
  bool has_schedule() const override { return learner_.has_schedule(); }
  std::vector<Tensor> weights() const override { return learner_.weights(); }
  void set_weights(const std::vector<Tensor>& weights) override { learner_.set_weights(weights); }
  bool higher_is_better(std::string_view log) const override;
  std::vector<std::string> log_names() const override;
  bool may_log(std::string_view name) const override;
  bool has_state_within_epochs() const override;
  FitState state() const override;
  void resume(FitState state) override;

  bool stopped() const override { return stopped_; }
  void pause(const Logs& logs) override { pause({.within_epoch = true, .logs = logs}); }
  void pause(const Pause& pause);

  /// After on_train_begin: gives callbacks the states of a fit that is resumed, and the model the
  /// weights and the learning rate, which their hooks may have set as for a fit that begins.
  void resume_callbacks();
  /// The done part of the epoch that is resumed; none if the next epoch begins with its first step.
  std::optional<EpochState> take_part();
  /// The steps of it; 0 where there is none.
  int64_t steps_of_part() const {
    return resumed_ && resumed_->within_epoch ? resumed_->part.steps : 0;
  }
  const Value::Map& settings() const;
  /// The number of the epoch that has begun, or of the next.
  int64_t epoch() const { return epoch_; }
  void begin_steps(const EpochSteps& steps) { steps_ = &steps; }
  void end_steps() { steps_ = nullptr; }
  void end_epoch() { ++epoch_; }
  /// Seconds of the present epoch, before it was interrupted too.
  double seconds_of_epoch() const { return epoch_timer_.seconds(); }
  double seconds_of_fit() const { return fit_timer_.seconds(); }

  History history;

 private:
  /// Seconds since a moment, and those before it.
  class Timer {
   public:
    void begin(double before) {
      before_ = before;
      begin_ = Clock::now();
    }
    double seconds() const {
      return before_ + std::chrono::duration<double>(Clock::now() - begin_).count();
    }

   private:
    using Clock = std::chrono::steady_clock;
    double before_ = 0;
    Clock::time_point begin_ = Clock::now();
  };

  const Model& whole() const override { return *run_.whole; }
  void require_same(const FitState& state) const;

  Learner& learner_;
  const TrainingRun& run_;
  const Callbacks& callbacks_;
  const bool is_first_;
  int64_t earlier_epochs_;  ///< of the model, that this fit's numbers do not count
  int64_t epoch_;
  const EpochSteps* steps_ = nullptr;  ///< within an epoch
  bool paused_ = false, begun_ = false;
  std::atomic<bool> stopped_ = false;  // read on other threads
  std::optional<FitState> resumed_;
  std::vector<Tensor> resumed_weights_;  ///< in the model's order
  mutable std::optional<Value::Map> settings_;
  Timer fit_timer_, epoch_timer_;
};

}  // namespace cornu::inline v0
