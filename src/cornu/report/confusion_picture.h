#pragma once

#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/metrics/confusion_matrix.h"

namespace cornu::inline v0 {

/// Draws a confusion matrix into an .svg or .png: a row for each true class, its cells shaded by
/// their part of the row, blue where the prediction is right. Counts and names are written where
/// there is room for them. `names`: of the classes; none: their numbers.
CORNU_API void save_confusion_matrix(const ConfusionMatrix& matrix,
                                     const std::vector<std::string>& names,
                                     const std::string& path);

}  // namespace cornu::inline v0
