#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// What a compiled model knows of its training beside its weights: with both, a fit goes on as if
/// it had not been interrupted.
struct TrainingState {
  /// The optimizer's moments, averages and powers: "adam/dense/kernel/m". Empty before a fit.
  std::vector<std::pair<std::string, Tensor>> optimizer = {};
  int64_t steps = 0;          ///< since the model was compiled
  int64_t steps_before = 0;   ///< before that
  uint64_t epochs_begun = 0;  ///< in all fits; keys shuffles and dropout
  int64_t next_epoch = 0;     ///< the number of the next epoch in logs
  /// Set by a callback or set_learning_rate; replaces the optimizer's.
  std::optional<double> learning_rate = {};
};

}  // namespace cornu::inline v0
