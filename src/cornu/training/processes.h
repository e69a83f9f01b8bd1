#pragma once

#include <cstdint>
#include <span>

#include "cornu/core/communicator.h"
#include "cornu/core/value.h"
#include "cornu/training/callback.h"

namespace cornu::inline v0 {

/// The callbacks of a process that is not the first of several: those that are for the first one
/// have no hooks here.
Callbacks callbacks_of_others(const Callbacks& callbacks);

/// Where a fit begins.
struct FitBegin {
  const Value::Map& settings;
  uint64_t seed = 0;
  int64_t epochs = 0, epoch = 0, steps_of_epoch = 0;
  std::span<const Tensor> weights;
};

/// All processes call it as a fit begins. Error on each of them if one begins elsewhere than the
/// first; it names that one and what it has otherwise.
void require_same_begin(Communicator& processes, const FitBegin& begin);

}  // namespace cornu::inline v0
