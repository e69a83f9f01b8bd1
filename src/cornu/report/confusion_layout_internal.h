#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/metrics/confusion_matrix.h"

namespace cornu::inline v0 {

/// Where the cells and names of a drawn confusion matrix lie, in pixels.
struct ConfusionLayout {
  /// `names`: one per class, or none: then numbers.
  ConfusionLayout(const ConfusionMatrix& matrix, const std::vector<std::string>& names);

  std::vector<std::string> names;  ///< cut to a width that fits
  double cell = 0;                 ///< side of a cell with the gap to the next
  double gap = 0;
  double count_size = 0, name_size = 0;  ///< of the font; 0: too small to be written
  bool are_turned = false;               ///< whether the columns' names are written upwards
  double left = 0, top = 0, side = 0;    ///< of the cells
  double width = 0, height = 0;

  double x(int64_t column) const { return left + cell * static_cast<double>(column); }
  double y(int64_t row) const { return top + cell * static_cast<double>(row); }
};

/// A cell that is not empty.
struct ConfusionCell {
  int64_t row = 0, column = 0, count = 0;
  double share = 0;  ///< of the row
  /// How strong its colour is, from 0 to 1: the root, so that few samples can be seen beside many.
  double shade() const;
};

/// The cells of a matrix that are not empty, row by row.
std::vector<ConfusionCell> filled_cells(const ConfusionMatrix& matrix);

/// Text cut to a number of characters, the last one then "…".
std::string cut_text(const std::string& text, size_t characters);

}  // namespace cornu::inline v0
