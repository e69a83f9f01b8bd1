#pragma once

#include <optional>
#include <span>

#include "cornu/core/error.h"
#include "cornu/training/learner.h"

namespace cornu::inline v0 {

/// Finds where an epoch's loss or weights stopped being finite: repeats it from the state that
/// `learner` kept at its start, with each op run by itself and zeros not skipped, and returns an
/// Error that names the first sample, layer or weight with such a number. `rates` are the learning
/// rates of its steps if callbacks may have set them. Afterwards `learner` has the state from the
/// epoch's start. None if the samples cannot be read again, or if the epoch is finite this time.
std::optional<Error> find_not_finite(Learner& learner, const TrainingRun& run,
                                     uint64_t epochs_begun, int64_t epoch,
                                     std::span<const double> rates);

/// An Error that names the first sample of the epoch of `feed`, described by `spec`, with an input,
/// a target or a weight that is not finite. None if all are finite or the samples are gone.
std::optional<Error> find_not_finite_sample(const Feed& feed, const Executor& executor,
                                            const Spec& spec);

}  // namespace cornu::inline v0
