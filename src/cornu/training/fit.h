#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <vector>

#include "cornu/core/stop.h"
#include "cornu/datasets/dataset.h"
#include "cornu/training/evaluate.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// fit()'s options, with Keras's names and defaults, in Keras's order.
struct FitOptions {
  /// Samples per step, > 0; the last step of an epoch takes what is left.
  int64_t batch_size = 32;
  /// Index at which training stops (exclusive), ≥ 0; with initial_epoch 0 this is the number of
  /// epochs.
  int64_t epochs = 1;
  /// 0: nothing is printed; 1: a progress bar; 2: one line per epoch.
  int64_t verbose = 1;
  /// Callbacks, called in this order.
  Callbacks callbacks = {};
  /// Fraction of the samples kept for validation, 0 ≤ validation_split < 1: the last ones, taken
  /// before any shuffle. validation_data comes before it.
  double validation_split = 0;
  /// Samples that are evaluated after an epoch and never trained on; none: no validation.
  std::optional<Dataset> validation_data = {};
  /// Whether each epoch draws a new order of the samples. A stream is never shuffled.
  bool shuffle = true;
  /// Weight of each sample, float32 (size,), ≥ 0; empty: all 1. The loss and weighted metrics count
  /// by it, in validation by validation_split too.
  Tensor sample_weight = {};
  /// Weight of each class by its number, ≥ 0; a class that is not listed weighs 1. The loss and
  /// weighted metrics count by it, in validation too.
  ClassWeight class_weight = {};
  /// Index of the first epoch, ≥ 0; set it to continue an earlier fit.
  int64_t initial_epoch = 0;
  /// Steps of an epoch, ≥ 0; the next epoch continues with the samples after them. 0: all samples.
  int64_t steps_per_epoch = 0;
  /// Steps of a validation, ≥ 0; 0: all samples.
  int64_t validation_steps = 0;
  /// Samples per step of a validation, ≥ 0; 0: batch_size.
  int64_t validation_batch_size = 0;
  /// Validate every N epochs, N ≥ 1.
  int64_t validation_freq = 1;
  /// Ends the fit after the present step once someone asks it to.
  StopToken stop = {};
  /// Where progress is printed; null: standard error.
  std::ostream* stream = nullptr;
};

/// The model's side of a fit: what outlives it.
class Learner {
 public:
  virtual ~Learner() = default;
  virtual uint64_t seed() const = 0;
  /// Counts an epoch and returns how many had begun in the model's life.
  virtual uint64_t begin_epoch() = 0;
  /// Counts a step and returns what it has to know.
  virtual Context begin_step(uint64_t epoch) = 0;
  /// What the optimizer does when a fit ends.
  virtual void end_fit() = 0;
  virtual double learning_rate() const = 0;  ///< of the next step
  virtual bool has_schedule() const = 0;     ///< whether the learning rate is a schedule
  virtual void set_learning_rate(double learning_rate) = 0;
  virtual std::vector<Tensor> weights() const = 0;
  virtual void set_weights(const std::vector<Tensor>& weights) = 0;
  /// Whether every weight is finite.
  virtual bool is_finite() const = 0;
  /// Keeps weights, the optimizer's states and the counts of steps as they are now.
  virtual void keep() = 0;
  /// Makes them what they were when they were kept.
  virtual void go_back() = 0;
  /// A training step as its ops are written: none fused, left out or moved, every slot in memory of
  /// its own.
  virtual std::unique_ptr<Executor> plain_training(const Spec& spec, int64_t capacity) = 0;
};

/// What is run, and on what.
struct TrainingRun {
  const Executor& training;
  Feed& feed;
  Spec spec;                       ///< of the samples
  int64_t samples = 0, steps = 0;  ///< per epoch; 0: not known
  const Counted& counted;
  const Executor* validation = nullptr;  ///< null without validation data
  SourceFeed* validation_feed = nullptr;
  Spec validation_spec = {};
};

/// The loop: epochs of steps, metrics counted over samples in float64, validation after each or
/// every `validation_freq` epochs. A loss or weight that is not finite ends it with an Error that
/// says where it came from, unless a callback has stopped the fit; the weights are then those from
/// before the epoch.
CORNU_API History train(Learner& learner, const TrainingRun& run, const FitOptions& options);

}  // namespace cornu::inline v0
