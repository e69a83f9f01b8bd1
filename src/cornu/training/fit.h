#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>

#include "cornu/core/communicator.h"
#include "cornu/core/stop.h"
#include "cornu/datasets/dataset.h"
#include "cornu/training/callback.h"
#include "cornu/training/checkpoint_dir.h"
#include "cornu/training/checkpoint_every.h"
#include "cornu/training/progress_view.h"
#include "cornu/training/weighted_source.h"

namespace cornu::inline v0 {

/// fit()'s options, with Keras's names and defaults, in Keras's order.
struct FitOptions {
  /// Samples per step, > 0; the last step of an epoch takes the remaining ones.
  int64_t batch_size = 32;
  /// Index at which training stops (exclusive), ≥ 0; with initial_epoch 0 this is the number of
  /// epochs.
  int64_t epochs = 1;
  /// 0: nothing is printed; 1: a progress bar; 2: one line per epoch.
  int64_t verbose = 1;
  /// Callbacks, called in this order.
  Callbacks callbacks = {};
  /// Fraction of the samples kept for validation, 0 ≤ validation_split < 1: the last ones, taken
  /// before any shuffle. Not used if there are validation_data.
  double validation_split = 0;
  /// Samples that are evaluated after an epoch and never trained on; none: no validation.
  std::optional<Dataset> validation_data = {};
  /// Whether each epoch draws a new order of the samples. A stream is never shuffled.
  bool shuffle = true;
  /// Weight of each sample in the loss and in weighted metrics, float32 (size,), ≥ 0; empty: all 1.
  /// Validation by validation_split uses them, too.
  Tensor sample_weight = {};
  /// Weight of each class by its number in the loss and in weighted metrics, ≥ 0; a class that is
  /// not listed weighs 1. Validation uses them, too.
  ClassWeight class_weight = {};
  /// Index of the first epoch, ≥ 0; set it to continue an earlier fit.
  int64_t initial_epoch = 0;
  /// Steps per epoch, ≥ 0; the next epoch continues with the samples after them. 0: all samples.
  int64_t steps_per_epoch = 0;
  /// Steps per validation, ≥ 0: each validation evaluates the same first samples; 0: all samples.
  int64_t validation_steps = 0;
  /// Samples per step of a validation, ≥ 0; 0: batch_size.
  int64_t validation_batch_size = 0;
  /// Validate every N epochs, N ≥ 1.
  int64_t validation_freq = 1;
  /// Folder of checkpoints; none: none are written. A fit that is interrupted, by a crash too, goes
  /// on from the newest one when the program runs again: see Checkpoints.
  CheckpointDir checkpoint_dir = {};
  /// How often one is written: "30s", "500steps", "1epoch" or "never"; at the end, and at a stop,
  /// always, but for "never".
  CheckpointEvery checkpoint_every = "1epoch";
  /// The processes that train together, each of which calls fit with the same model, data and
  /// options; null: this one. Every batch is divided among them: their number divides `shards` of
  /// compile(), and weights, logs and History are on each of them those of one process with as many
  /// shards, bit for bit. The first one prints, and the callbacks of the library write files there
  /// alone. Data are a Source, and may be a part of the processes' own memory each.
  std::shared_ptr<Communicator> distribute = {};
  /// Ends the fit after the present step once a stop is requested.
  StopToken stop = {};
  /// Where progress is printed; null: standard error.
  std::ostream* stream = nullptr;
  /// The form of its lines.
  ProgressStyle progress_style = ProgressStyle::tutorial;
  /// A running bar on `stream`, which must obey "\r" as a terminal does; none: whole lines alone.
  /// Standard error has one where it is a terminal.
  std::optional<LiveBar> live_bar = {};
};

}  // namespace cornu::inline v0
