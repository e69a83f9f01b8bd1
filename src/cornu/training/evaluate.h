#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <vector>

#include "cornu/training/callback.h"
#include "cornu/training/epoch_counts.h"
#include "cornu/training/feed.h"
#include "cornu/training/weighted_source.h"

namespace cornu::inline v0 {

/// evaluate()'s options, with Keras's names and defaults.
struct EvaluateOptions {
  int64_t batch_size = 32;
  int64_t verbose = 0;
  /// Batches that are looked at; 0: all there are.
  int64_t steps = 0;
  /// Each sample's weight (size,), and each class's: losses and weighted metrics count by both.
  Tensor sample_weight = {};
  ClassWeight class_weight = {};
  Callbacks callbacks = {};
  std::ostream* stream = nullptr;
};

/// Loss and metrics over the batches of one epoch of `feed`, whose samples are as `spec` says, with
/// an executor of an evaluate plan. Error that names the sample where the loss is not finite since
/// one has an input, a target or a weight that is not.
CORNU_API Logs evaluate(const Executor& executor, Feed& feed, const Spec& spec,
                        const Counted& counted, const Callbacks& callbacks);

/// Whether one of them watches batches.
bool watch_batches(const Callbacks& callbacks);

}  // namespace cornu::inline v0
