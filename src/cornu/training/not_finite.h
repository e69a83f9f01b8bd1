#pragma once

#include <optional>
#include <span>

#include "cornu/core/error.h"
#include "cornu/training/learner.h"

namespace cornu::inline v0 {

/// Where an epoch's loss or weights stopped being finite: runs it again from what `learner` kept at
/// its start, every op by itself with zeros not left out, and names the first sample, layer and
/// weight that have such a number. `rates` are the learning rates of its steps where callbacks may
/// have set them. Afterwards everything is as it was at the epoch's start. None where the samples
/// cannot be had again, and where the same does not happen again.
std::optional<Error> find_not_finite(Learner& learner, const TrainingRun& run,
                                     uint64_t epochs_begun, int64_t epoch,
                                     std::span<const double> rates);

/// The first sample of the epoch of `feed`, whose samples are as `spec` says, that has an input, a
/// target or a weight that is not finite. None where all are, and where the samples are gone.
std::optional<Error> find_not_finite_sample(const Feed& feed, const Executor& executor,
                                            const Spec& spec);

}  // namespace cornu::inline v0
