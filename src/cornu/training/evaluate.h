#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>

#include "cornu/core/stop.h"
#include "cornu/training/callback.h"
#include "cornu/training/progress_view.h"
#include "cornu/training/weighted_source.h"

namespace cornu::inline v0 {

/// evaluate()'s options, with Keras's names and defaults, in Keras's order.
struct EvaluateOptions {
  /// Samples per step, > 0; loss and metrics do not depend on it.
  int64_t batch_size = 32;
  /// 0: nothing is printed; 1: a bar, which runs where it is live, then the line with loss and
  /// metrics; 2: the line without a bar.
  int64_t verbose = 0;
  /// Steps that are evaluated, ≥ 0; 0: all samples.
  int64_t steps = 0;
  /// Weight of each sample in the loss and in weighted metrics, float32 (size,), ≥ 0; empty: all 1.
  Tensor sample_weight = {};
  /// Weight of each class by its number, ≥ 0; a class that is not listed weighs 1.
  ClassWeight class_weight = {};
  /// Callbacks, called in this order.
  Callbacks callbacks = {};
  /// Ends the evaluation after the present step once a stop is requested: the logs are then those
  /// of the samples before, nothing is printed and on_test_end is not called.
  StopToken stop = {};
  /// Where the line is printed; null: standard error.
  std::ostream* stream = nullptr;
  /// The form of the line.
  ProgressStyle progress_style = ProgressStyle::tutorial;
  /// As in a fit: the running bar of `stream`.
  std::optional<LiveBar> live_bar = {};
};

}  // namespace cornu::inline v0
