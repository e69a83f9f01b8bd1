#pragma once

#include <string>

#include "cornu/core/export.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// Draws a line for every logged name over the epochs, counted from 1, 800 × 500 pixels, into an
/// .svg or .png: losses in a plot on the left, metrics on the right, in one over the whole width
/// where there are only losses or none. Validation is dashed, in the colour of its training line.
/// y runs from 0 or a smaller value to the largest, for fractions above a half to 1; values that
/// are not finite leave gaps. The epoch with the least val_loss, or loss without validation, is
/// marked. The learning_rate that a callback logs is left out. Error for another ending.
CORNU_API void save_learning_curves(const History& history, const std::string& path,
                                    const std::string& title = "Learning curves");

}  // namespace cornu::inline v0
