#include <algorithm>
#include <cmath>

#include "cornu/formats/utf8.h"
#include "cornu/report/confusion_layout_internal.h"

namespace cornu::inline v0 {
namespace {

// The width of a digit or a letter, on average, in a font of size 1.
constexpr double kLetter = 0.62;
constexpr size_t kLongestClassName = 18;
constexpr double kAxisName = 26, kAroundMatrix = 8;

double cell_for(int64_t classes) {
  if (classes <= 4) return 56;
  if (classes <= 12) return 34;
  if (classes <= 30) return 28;
  if (classes <= 100) return 20;
  if (classes <= 256) return 8;
  return classes <= 1000 ? 4 : classes <= 2000 ? 2 : 1;
}

size_t characters_in(const std::string& text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) {
    at += std::max<size_t>(formats::character_size(std::string_view(text).substr(at)), 1);
  }
  return count;
}

}  // namespace

std::string cut_text(const std::string& text, size_t characters) {
  if (characters_in(text) <= characters) return text;
  size_t at = 0;
  for (size_t i = 0; i + 1 < characters; ++i) {
    at += std::max<size_t>(formats::character_size(std::string_view(text).substr(at)), 1);
  }
  return text.substr(0, at) + "…";
}

ConfusionLayout::ConfusionLayout(const ConfusionMatrix& matrix,
                                 const std::vector<std::string>& class_names) {
  const int64_t classes = matrix.classes();
  cell = cell_for(classes);
  gap = cell >= 20 ? 1 : 0;
  size_t longest = 1;
  for (int64_t i = 0; i < classes; ++i) {
    const bool has_name = i < static_cast<int64_t>(class_names.size());
    names.push_back(has_name ? cut_text(class_names[static_cast<size_t>(i)], kLongestClassName)
                             : std::to_string(i));
    longest = std::max(longest, characters_in(names.back()));
  }
  int64_t largest = 1;
  for (const ConfusionCell& each : filled_cells(matrix)) largest = std::max(largest, each.count);
  const auto digits = static_cast<double>(std::to_string(largest).size());
  count_size = std::min(13.0, (cell - 4) / (digits * kLetter));
  if (cell < 20 || count_size < 4) count_size = 0;
  name_size = cell < 7 ? 0 : std::min(13.0, cell * 0.8);
  const double name_width = name_size * kLetter * static_cast<double>(longest);
  are_turned = name_width > cell - 4;
  left = kAxisName + name_width + kAroundMatrix;
  top = kAxisName + (are_turned ? name_width : name_size) + kAroundMatrix;
  side = cell * static_cast<double>(classes);
  width = std::max(left + side + kAroundMatrix, 160.0);
  height = top + side + kAroundMatrix;
}

double ConfusionCell::shade() const {
  return 0.08 + 0.92 * std::sqrt(share);
}

std::vector<ConfusionCell> filled_cells(const ConfusionMatrix& matrix) {
  std::vector<ConfusionCell> cells;
  for (int64_t row = 0; row < matrix.classes(); ++row) {
    double all = 0;
    for (int64_t column = 0; column < matrix.classes(); ++column) all += matrix(row, column);
    for (int64_t column = 0; column < matrix.classes(); ++column) {
      const double count = matrix(row, column);
      if (count > 0) cells.push_back({row, column, static_cast<int64_t>(count), count / all});
    }
  }
  return cells;
}

}  // namespace cornu::inline v0
