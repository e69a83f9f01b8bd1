#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "cornu/core/value.h"
#include "cornu/training/evaluation.h"
#include "cornu/training/fit.h"
#include "cornu/training/history.h"
#include "cornu/training/training_state.h"

namespace cornu::inline v0 {

/// The model's side of a fit: the state that outlives it.
class Learner {
 public:
  virtual ~Learner() = default;
  virtual uint64_t seed() const = 0;
  virtual void set_seed(uint64_t seed) = 0;
  virtual TrainedModel model() const = 0;
  /// Steps begun in its life, before it was compiled anew too.
  virtual int64_t steps_of_life() const = 0;
  /// The number after that of the last epoch in its life, 0 before the first.
  virtual int64_t next_epoch() const = 0;
  virtual void set_next_epoch(int64_t number) = 0;
  virtual uint64_t epochs_of_life() const = 0;  ///< begun
  /// Counts an epoch and returns how many the model had begun before.
  virtual uint64_t begin_epoch() = 0;
  /// Counts a step and returns its context.
  virtual Context begin_step(uint64_t epoch) = 0;
  /// The optimizer's part of the end of a fit.
  virtual void end_fit() = 0;
  virtual double learning_rate() const = 0;  ///< of the next step
  virtual bool has_schedule() const = 0;     ///< whether the learning rate is a schedule
  virtual void set_learning_rate(double learning_rate) = 0;
  virtual std::vector<Tensor> weights() const = 0;
  virtual void set_weights(const std::vector<Tensor>& weights) = 0;
  virtual TrainingState training_state() const = 0;
  /// Replaces it while executors of the model exist. Error, and nothing has changed, for other
  /// states than the optimizer has.
  virtual void resume(const TrainingState& state) = 0;
  /// Whether every weight is finite.
  virtual bool is_finite() const = 0;
  /// Keeps weights, the optimizer's states and the counts of steps as they are now.
  virtual void keep() = 0;
  /// Restores them.
  virtual void go_back() = 0;
  /// An executor of a training step without passes: no op fused, left out or moved, separate memory
  /// for each slot.
  virtual std::unique_ptr<Executor> plain_training(const Spec& spec, int64_t capacity) = 0;
};

/// The executors of a fit and the data that they run on.
struct TrainingRun {
  const Executor& training;
  Feed& feed;
  Spec spec;                       ///< of the samples
  int64_t samples = 0, steps = 0;  ///< per epoch; 0: not known
  int64_t batch_size = 0;          ///< of all processes that share a batch
  const Counted& counted;
  const Executor* validation = nullptr;  ///< null without validation data
  SourceFeed* validation_feed = nullptr;
  Spec validation_spec = {};
  /// What a fit that resumes this one must have in common with it.
  std::function<Value::Map()> settings = {};
  const Model* whole = nullptr;  ///< that is trained
  Sharing sharing = {};
};

/// The loop: epochs of steps, metrics counted over samples in float64, validation every
/// `validation_freq` epochs. A loss or weight that is not finite ends it with an Error that says
/// where it came from, unless a callback has stopped the fit; the weights are then those from
/// before the epoch.
CORNU_API History train(Learner& learner, const TrainingRun& run, const FitOptions& options);

}  // namespace cornu::inline v0
