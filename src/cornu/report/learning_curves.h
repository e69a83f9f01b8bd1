#pragma once

#include <string>

#include "cornu/core/export.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// Draws one line per logged name over the epochs, 800 × 500 pixels, into an .svg or .png.
/// Validation is dashed, in the colour of its training line. y runs from 0 to 1, further where a
/// curve does; values that are not finite leave gaps. Error for another ending.
CORNU_API void save_learning_curves(const History& history, const std::string& path);

}  // namespace cornu::inline v0
