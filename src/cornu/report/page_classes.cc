#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "cornu/core/names.h"
#include "cornu/evaluation/class_scores.h"
#include "cornu/report/confusion_layout_internal.h"
#include "cornu/report/page_sections_internal.h"

namespace cornu::inline v0 {
namespace {

// The matrix of more would be a file of its own.
constexpr int64_t kMostDrawnClasses = 100;
// The cells of more have neither a count nor a text of their own.
constexpr int64_t kMostWrittenClasses = 30;
constexpr size_t kMostPairs = 10;
constexpr size_t kMostClassRows = 500;

std::string cell_title(const ValidationResults& validation, const ConfusionCell& cell) {
  return "true " + class_name(validation, cell.row) + ", predicted " +
         class_name(validation, cell.column) + ": " + with_commas(cell.count) + " (" +
         percent_text(cell.share) + ")";
}

Value cells_of(const ValidationResults& validation, const ConfusionLayout& layout) {
  Value::List cells;
  const double size = layout.cell - layout.gap;
  for (const ConfusionCell& each : filled_cells(validation.classes->matrix())) {
    const double x = layout.x(each.column), y = layout.y(each.row);
    const bool is_written = layout.count_size > 0;
    cells.push_back(Value::Map{
        {"title", cell_title(validation, each)},
        {"kind", each.row == each.column ? "right" : "wrong"},
        {"x", place_text(x)},
        {"y", place_text(y)},
        {"size", place_text(size)},
        {"share", significant(each.shade(), 3)},
        {"count", is_written ? std::to_string(each.count) : ""},
        {"ink", each.shade() > 0.55 ? "strong" : "weak"},
        {"middle", place_text(x + size / 2)},
        {"base", place_text(y + size / 2 + layout.count_size * 0.36)},
        {"font", place_text(layout.count_size)},
    });
  }
  return cells;
}

// Cells of about the same colour as one path, which takes a tenth of the bytes.
Value levels_of(const ConfusionMatrix& matrix, const ConfusionLayout& layout) {
  constexpr int kLevels = 20;
  std::map<std::pair<bool, int>, std::string> paths;
  const std::string side = place_text(layout.cell - layout.gap);
  const std::string square = "h" + side + "v" + side + "h-" + side + "z";
  for (const ConfusionCell& each : filled_cells(matrix)) {
    const int level = static_cast<int>(std::ceil(each.shade() * kLevels));
    paths[{each.row == each.column, level}] +=
        "M" + place_text(layout.x(each.column)) + " " + place_text(layout.y(each.row)) + square;
  }
  Value::List levels;
  for (const auto& [key, path] : paths) {
    levels.push_back(Value::Map{{"kind", key.first ? "right" : "wrong"},
                                {"share", significant(key.second / double{kLevels}, 3)},
                                {"path", path}});
  }
  return levels;
}

Value names_of_rows(const ConfusionLayout& layout) {
  Value::List rows;
  for (size_t i = 0; i < layout.names.size(); ++i) {
    const double middle = layout.y(static_cast<int64_t>(i)) + layout.cell / 2;
    rows.push_back(Value::Map{{"x", place_text(layout.left - 6)},
                              {"y", place_text(middle + layout.name_size * 0.36)},
                              {"name", layout.names[i]}});
  }
  return rows;
}

Value names_of_columns(const ConfusionLayout& layout) {
  Value::List columns;
  for (size_t i = 0; i < layout.names.size(); ++i) {
    double x = layout.x(static_cast<int64_t>(i)) + layout.cell / 2;
    if (layout.are_turned) x += layout.name_size * 0.36;
    columns.push_back(Value::Map{{"x", place_text(x)},
                                 {"y", place_text(layout.top - 6)},
                                 {"kind", layout.are_turned ? "turned" : "level"},
                                 {"turn", layout.are_turned ? " rotate(-90)" : ""},
                                 {"name", layout.names[i]}});
  }
  return columns;
}

Value matrix_of(const ValidationResults& validation) {
  const ConfusionMatrix& matrix = validation.classes->matrix();
  if (matrix.classes() > kMostDrawnClasses) return {};
  const ConfusionLayout layout(matrix, validation.class_names);
  const bool is_written = matrix.classes() <= kMostWrittenClasses;
  return Value::Map{{"alt", "Confusion matrix of " + std::to_string(matrix.classes()) + " classes"},
                    {"width", place_text(layout.width)},
                    {"height", place_text(layout.height)},
                    {"shown", place_text(layout.width * 1.25)},
                    {"least", place_text(layout.width * 0.75)},
                    {"left", place_text(layout.left)},
                    {"top", place_text(layout.top)},
                    {"side", place_text(layout.side)},
                    {"cells", is_written ? cells_of(validation, layout) : Value()},
                    {"levels", is_written ? Value() : levels_of(matrix, layout)},
                    {"font", place_text(layout.name_size)},
                    {"rows", names_of_rows(layout)},
                    {"columns", names_of_columns(layout)},
                    {"axis_x", place_text(layout.left + layout.side / 2)},
                    {"axis_y", place_text(layout.top + layout.side / 2)}};
}

Value pairs_of(const ValidationResults& validation, const ClassScores& scores) {
  Value::List items;
  for (const Confusion& each : largest_confusions(validation.classes->matrix(), kMostPairs)) {
    const int64_t support = scores.classes[static_cast<size_t>(each.true_class)].support;
    items.push_back(Value::Map{
        {"true", class_name(validation, each.true_class)},
        {"predicted", class_name(validation, each.predicted_class)},
        {"count", with_commas(each.count)},
        {"share", percent_text(static_cast<double>(each.count) / static_cast<double>(support))}});
  }
  if (items.empty()) return {};
  return Value::Map{{"items", std::move(items)}};
}

Value row_of(const std::string& name, const ClassScore& score) {
  return Value::Map{{"name", name},
                    {"precision", percent_text(score.precision)},
                    {"recall", percent_text(score.recall)},
                    {"f1", percent_text(score.f1)},
                    {"part", significant(score.f1, 3)},
                    {"support", with_commas(score.support)}};
}

}  // namespace

Value confusion_section(const ValidationResults& validation) {
  if (!validation.classes || validation.classes->samples() == 0) return {};
  const ClassScores scores = class_scores(validation.classes->matrix());
  Value matrix = matrix_of(validation);
  Value pairs = pairs_of(validation, scores);
  if (matrix.is_null() && pairs.is_null()) return {};
  const std::string hint =
      matrix.is_null()
          ? "confusion.svg has the whole matrix."
          : "A row for each true class; the stronger a colour, the larger its part of the row.";
  return Value::Map{{"hint", hint}, {"matrix", std::move(matrix)}, {"pairs", std::move(pairs)}};
}

Value classes_section(const ValidationResults& validation) {
  if (!validation.classes || validation.classes->samples() == 0) return {};
  const ClassScores scores = class_scores(validation.classes->matrix());
  std::vector<size_t> shown(scores.classes.size());
  std::iota(shown.begin(), shown.end(), size_t{0});
  std::string hint =
      "Precision: how many of those predicted as the class are of it. Recall: how many of the "
      "class "
      "are found. F1: their harmonic mean.";
  if (shown.size() > kMostClassRows) {
    std::ranges::stable_sort(shown, {}, [&](size_t i) { return scores.classes[i].f1; });
    shown.resize(kMostClassRows);
    hint += " Shown are the " + std::to_string(kMostClassRows) + " classes of the least F1.";
  }
  Value::List rows;
  for (const size_t i : shown) {
    rows.push_back(row_of(class_name(validation, static_cast<int64_t>(i)), scores.classes[i]));
  }
  return Value::Map{{"hint", hint},
                    {"rows", std::move(rows)},
                    {"means", Value::List{row_of("mean", scores.macro),
                                          row_of("weighted mean", scores.weighted)}}};
}

}  // namespace cornu::inline v0
