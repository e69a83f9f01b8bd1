#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// Error unless the targets are numbers of the outputs' shape; (None,) goes with (None, 1).
void require_as_outputs(std::string_view loss, const Field& target, const Shape& y_pred);

/// These targets as numbers, in the outputs' shape.
SlotId targets_as(SlotId y_pred, SlotId y_true, Builder& b);

/// Targets moved towards equal probabilities, t·(1 − label_smoothing) + label_smoothing / classes
/// (Szegedy et al. 2015); unchanged if it is 0.
SlotId smoothed(SlotId y_true, double label_smoothing, int64_t classes, Builder& b);

/// Error unless 0 <= label_smoothing <= 1.
void require_label_smoothing(std::string_view loss, double label_smoothing);

}  // namespace cornu::inline v0
