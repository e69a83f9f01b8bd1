#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"
#include "cornu/core/value.h"
#include "cornu/training/history.h"
#include "cornu/training/training_state.h"

namespace cornu::inline v0 {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// What a callback remembers from one hook to the next, as data.
struct CallbackState {
  std::string name = {};  ///< of the callback; its state goes to one of the same name
  Value::Map values = {};
  NamedTensors tensors = {};
};

/// Where the next sample comes from.
struct FeedState {
  uint64_t key = 0;            ///< of the order of the pass over the samples
  int64_t steps_of_pass = 0;   ///< done
  int64_t steps_of_epoch = 0;  ///< done
  uint64_t samples = 0;        ///< given by a stream in all passes
  bool ended = false;          ///< a stream has no more samples in this pass
};

/// The part of an epoch that is done.
struct EpochState {
  int64_t steps = 0, samples = 0;
  double seconds = 0;
  std::vector<double> counts = {};  ///< of its losses and metrics
};

/// A fit between two steps, as data. A fit of the same model on the same data that resumes it does
/// what this one did after it, bit for bit.
struct FitState {
  /// What both fits must have in common, and what differs in the error if they do not.
  Value::Map settings = {};
  uint64_t seed = 0;
  NamedTensors weights = {};
  TrainingState training = {};
  FeedState feed = {};
  History history = {};  ///< of the epochs that have ended
  int64_t epoch = 0;     ///< the number of the one that has begun, or of the next
  bool within_epoch = false;
  EpochState part = {};  ///< if within_epoch
  /// Epochs of the model's life that this fit's numbers do not count.
  int64_t earlier_epochs = 0;
  bool stopped = false;  ///< by a callback: no epoch follows
  std::vector<CallbackState> callbacks = {};
};

/// Error, which names `where`, unless a number of a state can be one of epochs, steps or samples.
CORNU_API void check_state_count(const std::string& where, int64_t count);

}  // namespace cornu::inline v0
