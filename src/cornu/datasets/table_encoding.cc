#include "cornu/datasets/table_encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/datasets/block_columns.h"
#include "cornu/datasets/cell.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::datasets {
namespace {

constexpr size_t kManyTexts = 50;
// More inputs would need much more memory than the table itself.
constexpr int64_t kMostInputs = 65'536;

struct Moments {
  double mean = 0, scale = 1;
};

// Of the numbers that are there, mean and standard deviation in two passes. Where they differ no
// more than rounding makes them, the scale is 1.
Moments moments_of(const Column& column, std::span<const uint64_t> rows, const std::string& where) {
  const auto sum_over = [&](const auto& term) {
    double sum = 0;
    int64_t count = 0;
    for (const uint64_t row : rows) {
      const double x = column.numbers[row];
      if (std::isnan(x)) continue;
      sum += term(x);
      ++count;
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
  };
  const double mean = sum_over([](double x) { return x; });
  const double variance = sum_over([mean](double x) { return (x - mean) * (x - mean); });
  if (!std::isfinite(mean) || !std::isfinite(variance)) {
    throw Error({.where = where + ", column " + formats::shown(column.name),
                 .what = "its numbers are too large to be scaled",
                 .expected = "numbers below 1e150"});
  }
  const double deviation = std::sqrt(variance);
  const double rounding = 8 * std::numeric_limits<double>::epsilon() * std::abs(mean);
  return {mean, deviation > rounding ? deviation : 1};
}

// The remedy is another label, if it is this column, or to leave it out.
Error no_column_of_use(const Table& table, const Column& column, bool is_label,
                       const std::string& what, const std::string& remedy = {}) {
  const std::string name = formats::shown(column.name);
  const std::string avoid =
      is_label ? "name another column to be predicted: --label COLUMN"
               : fmt::format("leave it out: --drop {}, in C++ .drop = {{{}}}", name, name);
  return Error({.where = fmt::format("{}, column {}", table.where, name),
                .what = what,
                .expected = "numbers or categories",
                .found = "such as " + formats::shown(column.texts[0]),
                .hint = remedy.empty() ? avoid : remedy + "; or " + avoid});
}

// Error when a column of text has no categories.
void require_categories(const Table& table, const Column& column, bool is_label) {
  if (column.texts.empty()) return;
  const auto all = [&](bool (*is_it)(std::string_view)) {
    return std::ranges::all_of(column.texts, is_it);
  };
  if (all(is_date)) throw no_column_of_use(table, column, is_label, "it has dates or times");
  const auto is_number = [](std::string_view text) {
    return read_cell(text).kind == CellKind::number || is_number_with_comma(text);
  };
  if (all(is_number)) {
    throw no_column_of_use(table, column, is_label, "it has numbers with commas",
                           number_hint(column.texts[0]));
  }
  const size_t different = column.texts.size();
  const bool are_most = different > static_cast<size_t>(table.rows()) / 2;
  if ((are_most || column.has_more_texts) && all(is_number_with_unit)) {
    throw no_column_of_use(table, column, is_label, "it has numbers with signs of units",
                           number_hint(column.texts[0]));
  }
  const bool are_many = different > kManyTexts && are_most;
  if (column.has_more_texts || are_many) {
    throw no_column_of_use(
        table, column, is_label,
        fmt::format("{}{} different texts in {} rows are no categories",
                    column.has_more_texts ? "more than " : "",
                    with_commas(static_cast<int64_t>(different)), with_commas(table.rows())));
  }
}

// The texts of these rows, sorted; an empty one first if one is missing.
std::vector<std::string> categories_of(const Column& column, std::span<const uint64_t> rows) {
  std::vector<bool> occurs(column.texts.size());
  std::vector<std::string> categories;
  bool has_missing = false;
  for (const uint64_t row : rows) {
    const int32_t code = column.codes[row];
    if (code < 0) {
      has_missing = true;
    } else {
      occurs[static_cast<size_t>(code)] = true;
    }
  }
  for (size_t i = 0; i < occurs.size(); ++i) {
    if (occurs[i]) categories.push_back(column.texts[i]);
  }
  if (has_missing) categories.emplace_back();
  std::ranges::sort(categories);
  return categories;
}

// The place of a name in a sorted list.
std::optional<size_t> place_of(const std::string& name, const std::vector<std::string>& sorted) {
  const auto found = std::ranges::lower_bound(sorted, name);
  if (found == sorted.end() || *found != name) return std::nullopt;
  return static_cast<size_t>(found - sorted.begin());
}

// Whether these are the names that columns without names get.
bool are_numbered(const std::vector<std::string>& names) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] != fmt::format("column_{}", i + 1)) return false;
  }
  return true;
}

// How a table that lacks columns would be read with other names, if it may be so.
std::string reading_hint(const TableEncoding& encoding, const std::vector<std::string>& names) {
  if (names.size() == 1) return "--delimiter CHARACTER says what stands between the cells";
  const bool had_names = std::ranges::none_of(
      encoding.columns, [](const auto& each) { return each.name.starts_with("column_"); });
  if (had_names == !are_numbered(names)) return "";
  return had_names
             ? "write the names of the columns as its first line; if they are there, --header yes"
             : "--header no, if its first line has no names of columns";
}

}  // namespace

TableEncoding TableEncoding::learned(const Table& table, EncodedLabel label,
                                     std::span<const uint64_t> rows) {
  TableEncoding encoding;
  for (const Column& column : table.columns) {
    const bool is_label = column.name == label.name;
    if (column.kind == ColumnKind::text) require_categories(table, column, is_label);
    if (is_label) continue;
    EncodedColumn encoded = {.name = column.name, .kind = column.kind};
    if (column.kind == ColumnKind::number) {
      const Moments moments = moments_of(column, rows, table.where);
      encoded.mean = moments.mean;
      encoded.scale = moments.scale;
    } else {
      encoded.categories = categories_of(column, rows);
    }
    encoding.columns.push_back(std::move(encoded));
  }
  if (encoding.columns.empty()) {
    throw Error({.where = table.where,
                 .what = "there is no column to predict the label from",
                 .expected = "at least one beside " + formats::shown(label.name)});
  }
  if (encoding.width() > kMostInputs) {
    throw Error({.where = table.where,
                 .what = "its columns have too many categories together",
                 .expected = "at most 65,536 inputs",
                 .found = with_commas(encoding.width()),
                 .hint = "leave columns out: --drop COLUMN"});
  }
  if (!label.has_classes()) {
    const Moments moments = moments_of(table.at(label.name), rows, table.where);
    label.mean = moments.mean;
    label.scale = moments.scale;
  }
  encoding.label = std::move(label);
  return encoding;
}

int64_t TableEncoding::width() const {
  int64_t width = 0;
  for (const EncodedColumn& each : columns) width += each.width();
  return width;
}

std::vector<ColumnChoice> TableEncoding::choices(const std::vector<std::string>& names,
                                                 const std::string& where) const {
  std::vector<ColumnChoice> choices;
  std::string missing;
  for (const EncodedColumn& each : columns) {
    choices.push_back({.name = each.name, .kind = each.kind});
    if (std::ranges::find(names, each.name) != names.end()) continue;
    missing += (missing.empty() ? "" : ", ") + formats::shown(each.name);
  }
  if (!missing.empty()) {
    std::string found;
    for (const std::string& each : names) found += (found.empty() ? "" : ", ") + each;
    throw Error({.where = where,
                 .what = "columns that the model was trained on are missing",
                 .expected = missing,
                 .found = found,
                 .hint = reading_hint(*this, names)});
  }
  if (std::ranges::find(names, label.name) != names.end()) {
    choices.push_back({.name = label.name, .kind = label.kind});
  }
  return choices;
}

EncodedRows TableEncoding::encode(const Table& table, std::span<const uint64_t> rows) const {
  const int64_t inputs = width();
  EncodedRows encoded = {.x = Tensor(Shape{static_cast<int64_t>(rows.size()), inputs})};
  float* first = encoded.x.span<float>().data();
  for (const EncodedColumn& each : columns) {
    const Column& column = table.at(each.name);
    float* to = first;
    first += each.width();
    if (each.kind == ColumnKind::number) {
      for (const uint64_t row : rows) {
        const double x = column.numbers[row];
        *to = std::isnan(x) ? 0.0F : static_cast<float>((x - each.mean) / each.scale);
        to += inputs;
      }
      continue;
    }
    std::vector<std::optional<size_t>> places;  // of each text, and of a missing one at the end
    for (const std::string& text : column.texts) places.push_back(place_of(text, each.categories));
    places.push_back(place_of({}, each.categories));
    UnknownTexts unknown = {.column = each.name, .example = {}};
    for (const uint64_t row : rows) {
      const int32_t code = column.codes[row];
      const size_t text = code < 0 ? column.texts.size() : static_cast<size_t>(code);
      if (places[text]) {
        to[*places[text]] = 1;
      } else if (unknown.rows++ == 0) {
        unknown.example = code < 0 ? "" : column.texts[text];
      }
      to += inputs;
    }
    if (unknown.rows > 0) encoded.unknown.push_back(std::move(unknown));
  }
  return encoded;
}

Tensor TableEncoding::labels(const Table& table, std::span<const uint64_t> rows) const {
  const std::vector<int64_t> classes = classes_of(table, label);
  for (const uint64_t row : rows) {
    if (classes[row] >= 0) continue;
    throw Error({.where = fmt::format("{}, column {}", table.where, formats::shown(label.name)),
                 .what = "the label of a row is missing",
                 .expected = "a label in each row",
                 .found = "none in row " + with_commas(static_cast<int64_t>(row) + 1)});
  }
  const auto size = static_cast<int64_t>(rows.size());
  if (label.has_classes()) {
    Tensor labels(Shape{size}, DType::int32);
    int32_t* to = labels.span<int32_t>().data();
    for (const uint64_t row : rows) *to++ = static_cast<int32_t>(classes[row]);
    return labels;
  }
  Tensor labels(Shape{size, 1});
  float* to = labels.span<float>().data();
  const Column& column = table.at(label.name);
  for (const uint64_t row : rows) *to++ = static_cast<float>(column.numbers[row]);
  return labels;
}

}  // namespace cornu::inline v0::datasets
