#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/datasets/cell.h"
#include "cornu/datasets/table_encoding.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::datasets {
namespace {

constexpr size_t kMostNumberedClasses = 20;
// Whole numbers beyond it are not all held by float64.
constexpr double kLargestWhole = 0x1p53;

// Whole numbers that stand for classes, in their order; none if they are no classes.
std::vector<std::string> classes_of_numbers(const Column& column) {
  std::set<double> values;
  size_t rows = 0;
  for (const double each : column.numbers) {
    if (std::isnan(each)) continue;
    if (each != std::trunc(each) || std::abs(each) > kLargestWhole) return {};
    values.insert(each == 0 ? 0 : each);  // -0 is 0
    if (values.size() > kMostNumberedClasses) return {};
    ++rows;
  }
  if (values.size() > 1 && values.size() * 2 > rows) return {};
  std::vector<std::string> names;
  for (const double each : values) names.push_back(shortest(each));
  return names;
}

Error no_class(const Table& table, const EncodedLabel& label, const std::string& name) {
  return Error({.where = fmt::format("{}, column {}", table.where, formats::shown(label.name)),
                .what = "the label of a row is none that the model was trained on",
                .expected = "one of " + nearest_first(name, label.classes),
                .found = formats::shown(name)});
}

// The number of each text's class, -1 if it has none.
std::vector<int64_t> classes_of_texts(const Column& column, const EncodedLabel& label) {
  std::vector<int64_t> classes;
  for (const std::string& text : column.texts) {
    const auto found = std::ranges::lower_bound(label.classes, text);
    const bool is_class = found != label.classes.end() && *found == text;
    classes.push_back(is_class ? found - label.classes.begin() : -1);
  }
  return classes;
}

// The numbers that name the classes.
std::map<double, int64_t> numbers_of(const EncodedLabel& label) {
  std::map<double, int64_t> numbers;
  for (const std::string& name : label.classes) {
    numbers.emplace(read_cell(name).number, static_cast<int64_t>(numbers.size()));
  }
  return numbers;
}

}  // namespace

EncodedLabel label_of(const Table& table, const std::string& name) {
  const Column* column = name.empty() ? table.find("label") : &table.at(name);
  if (column == nullptr) column = &table.columns.back();
  EncodedLabel label = {.name = column->name, .kind = column->kind};
  if (column->kind == ColumnKind::text) {
    label.classes = column->texts;
    std::ranges::sort(label.classes);
  } else {
    label.classes = classes_of_numbers(*column);
  }
  const std::string where = table.where + ", column \"" + column->name + "\"";
  const bool is_empty =
      column->kind == ColumnKind::text
          ? label.classes.empty()
          : std::ranges::all_of(column->numbers, [](double each) { return std::isnan(each); });
  if (is_empty || label.classes.size() == 1) {
    throw Error({.where = where,
                 .what = is_empty ? "no row has a label" : "all rows have the same label",
                 .expected = "at least two different labels",
                 .found = is_empty ? "none" : label.classes[0],
                 .hint = name.empty() ? "name the column to be predicted: --label COLUMN" : ""});
  }
  return label;
}

std::vector<int64_t> classes_of(const Table& table, const EncodedLabel& label) {
  const Column& column = table.at(label.name);
  std::vector<int64_t> classes;
  classes.reserve(static_cast<size_t>(column.size()));
  const std::vector<int64_t> of_texts = classes_of_texts(column, label);
  for (const int32_t code : column.codes) {
    const int64_t found = code < 0 ? -1 : of_texts[static_cast<size_t>(code)];
    if (code >= 0 && found < 0)
      throw no_class(table, label, column.texts[static_cast<size_t>(code)]);
    classes.push_back(found);
  }
  const std::map<double, int64_t> of_numbers = numbers_of(label);
  for (const double number : column.numbers) {
    if (std::isnan(number) || !label.has_classes()) {
      classes.push_back(std::isnan(number) ? -1 : 0);
      continue;
    }
    const auto found = of_numbers.find(number);
    if (found == of_numbers.end()) throw no_class(table, label, shortest(number));
    classes.push_back(found->second);
  }
  return classes;
}

}  // namespace cornu::inline v0::datasets
