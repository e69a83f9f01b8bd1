#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <vector>

#include "cornu/core/stop.h"
#include "cornu/datasets/dataset.h"
#include "cornu/metrics/metric.h"
#include "cornu/plan/executor.h"
#include "cornu/training/callback.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// fit()'s options, with Keras's names and defaults.
struct FitOptions {
  int64_t batch_size = 32;
  int64_t epochs = 1;
  /// 0 silent, 1 a progress bar, 2 one line an epoch.
  int64_t verbose = 1;
  std::vector<std::shared_ptr<Callback>> callbacks = {};
  /// The fraction of the last rows, taken before any shuffle, that validate.
  double validation_split = 0;
  std::optional<Dataset> validation_data = {};
  bool shuffle = true;
  /// Ends the fit after the present step when asked to.
  StopToken stop = {};
  /// Where progress is printed; null is standard error.
  std::ostream* stream = nullptr;
};

struct EvaluateOptions {
  int64_t batch_size = 32;
  int64_t verbose = 0;
  std::ostream* stream = nullptr;
};

/// Samples [begin, end) of a source.
struct SourceRange {
  const Source* source = nullptr;
  int64_t begin = 0, end = 0;
  int64_t size() const { return end - begin; }
};

/// What the loop drives.
struct Trainable {
  const Executor& training;
  const Executor* validation;  ///< null without validation data
  std::span<const Metric> metrics;
  double learning_rate;
  uint64_t seed;
  uint64_t& epochs_begun;  ///< over the model's life
  /// Called at each epoch's end; throws when a weight is not finite.
  std::function<void()> check_weights;
};

/// The loop: epochs of steps, each epoch's samples in an order drawn for it, metrics counted over
/// samples in float64, validation after each.
CORNU_API History train(const Trainable& trainable, SourceRange samples, SourceRange validation,
                        const FitOptions& options);

/// Loss and metrics over the samples, in order, with an executor of an evaluate plan.
CORNU_API Logs evaluate(const Executor& executor, SourceRange samples,
                        std::span<const Metric> metrics, int64_t batch_size);

}  // namespace cornu::inline v0
