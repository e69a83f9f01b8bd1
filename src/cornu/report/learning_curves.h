#pragma once

#include <string>

#include "cornu/core/export.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// Draws an .svg or .png of 800 × 500 pixels with a line for every logged name over the epochs,
/// counted from 1: losses in a plot on the left, metrics on the right, or one plot over the whole
/// width if there are only losses or only metrics. Validation is dashed, in the colour of its
/// training line. The y axis runs from 0, or the least value below, to the largest value, or to 1
/// for metrics whose largest value is between 0.5 and 1; values that are not finite leave gaps. The
/// epoch with the least val_loss, or loss without validation, is marked. The learning_rate that a
/// callback logs is left out. Error for another ending.
CORNU_API void save_learning_curves(const History& history, const std::string& path,
                                    const std::string& title = "Learning curves");
/// The same drawing as the text of an SVG.
CORNU_API std::string learning_curves_svg(const History& history,
                                          const std::string& title = "Learning curves");

}  // namespace cornu::inline v0
