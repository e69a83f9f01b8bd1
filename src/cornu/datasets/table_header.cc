#include "cornu/datasets/table_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/datasets/cell.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::datasets {
namespace {

bool is_number_cell(std::string_view text) {
  const CellKind kind = read_cell(trimmed(text)).kind;
  return kind != CellKind::missing && kind != CellKind::text;
}

bool is_text_cell(std::string_view text) {
  return read_cell(trimmed(text)).kind == CellKind::text;
}

// Whether every cell of a field below the first is a number or missing, and one is a number.
bool are_numbers_below(const HeadRecords& head, size_t field) {
  bool has_number = false;
  for (size_t row = 1; row < head.size(); ++row) {
    if (is_text_cell(head[row][field])) return false;
    has_number = has_number || is_number_cell(head[row][field]);
  }
  return has_number;
}

bool occurs_below(const HeadRecords& head, size_t field) {
  return std::any_of(head.begin() + 1, head.end(), [&](const std::vector<std::string>& row) {
    return row[field] == head[0][field];
  });
}

}  // namespace

bool told_header(const HeadRecords& head) {
  bool has_numbers = false;
  bool has_recurring = false;
  for (size_t field = 0; field < head[0].size(); ++field) {
    if (is_number_cell(head[0][field])) return false;
    has_numbers = has_numbers || are_numbers_below(head, field);
    has_recurring = has_recurring || occurs_below(head, field);
  }
  return has_numbers || !has_recurring;
}

ColumnKind told_kind(const HeadRecords& head, bool has_header, size_t field) {
  for (size_t row = has_header ? 1 : 0; row < head.size(); ++row) {
    if (is_text_cell(head[row][field])) return ColumnKind::text;
  }
  return ColumnKind::number;
}

std::vector<std::string> column_names(const HeadRecords& head, bool has_header,
                                      const std::string& where) {
  std::vector<std::string> names;
  std::unordered_map<std::string, size_t> places;
  for (size_t field = 0; field < head[0].size(); ++field) {
    std::string name(has_header ? trimmed(head[0][field]) : "");
    if (name.empty()) name = fmt::format("column_{}", field + 1);
    const std::string fault = formats::fault_of_name(name);
    if (!fault.empty()) {
      throw Error({.kind = ErrorKind::corrupt,
                   .where = where,
                   .what = fmt::format("the name of column {}", field + 1),
                   .expected = fault,
                   .found = formats::shown(name),
                   .hint = name.find('\t') != std::string::npos
                               ? "if tabs stand between the cells: --delimiter tab"
                               : "if the file is in Latin-1: iconv -f LATIN1 -t UTF-8 FILE > "
                                 "table.csv"});
    }
    const auto [place, is_new] = places.emplace(name, field + 1);
    if (!is_new) {
      throw Error({.kind = ErrorKind::corrupt,
                   .where = where,
                   .what = fmt::format("columns {} and {} have one name", place->second, field + 1),
                   .expected = "a name for each column",
                   .found = formats::shown(name),
                   .hint = "rename one of them in the first line"});
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace cornu::inline v0::datasets
