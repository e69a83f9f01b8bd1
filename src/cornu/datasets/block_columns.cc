#include "cornu/datasets/block_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::datasets {
namespace {

constexpr double kMissingNumber = std::numeric_limits<double>::quiet_NaN();

/// Reads the records of a block into columns.
class BlockColumns {
 public:
  BlockColumns(const std::vector<PlacedColumn>& placed, const std::string& where)
      : placed_(placed), where_(where), pieces_(placed.size()), texts_(placed.size()) {
    for (size_t i = 0; i < placed.size(); ++i) {
      pieces_[i].column = {.name = placed[i].name, .kind = placed[i].kind};
    }
  }

  std::vector<ColumnPiece> read(formats::CsvRecords& records, size_t most) {
    for (ColumnPiece& each : pieces_) {
      const bool is_number = each.column.kind == ColumnKind::number;
      is_number ? each.column.numbers.reserve(most) : each.column.codes.reserve(most);
    }
    records.read_numbers(places_of_numbers());
    while (records.next()) {
      for (size_t i = 0; i < placed_.size(); ++i) {
        const bool is_number = placed_[i].kind == ColumnKind::number;
        const double number = is_number ? records.number(placed_[i].field) : kMissingNumber;
        if (!std::isnan(number)) {
          pieces_[i].column.numbers.push_back(number);
          continue;
        }
        const std::string_view text = trimmed(records.fields()[placed_[i].field]);
        if (placed_[i].kind == ColumnKind::number) {
          add_number(i, text, records.line());
        } else {
          add_text(i, text, records.line());
        }
      }
    }
    return std::move(pieces_);
  }

 private:
  std::vector<bool> places_of_numbers() const {
    size_t fields = 0;
    for (const PlacedColumn& each : placed_) fields = std::max(fields, each.field + 1);
    std::vector<bool> places(fields);
    for (const PlacedColumn& each : placed_) {
      if (each.kind == ColumnKind::number) places[each.field] = true;
    }
    return places;
  }

  void add_number(size_t i, std::string_view text, uint64_t line) {
    const Cell cell = read_cell(text);
    const bool is_number = cell.kind == CellKind::number;
    pieces_[i].column.numbers.push_back(is_number ? cell.number : kMissingNumber);
    if (is_number || cell.kind == CellKind::missing) return;
    if (cell.kind == CellKind::text && !placed_[i].is_given) {
      pieces_[i].has_text = true;
    } else if (!pieces_[i].fault) {
      pieces_[i].fault = {
          .line = line, .text = std::string(text.substr(0, 100)), .kind = cell.kind};
    }
  }

  void add_text(size_t i, std::string_view text, uint64_t line) {
    Column& column = pieces_[i].column;
    // What can only be a number is a text like any other here.
    const bool is_missing = read_cell(text).kind == CellKind::missing;
    const size_t known = column.texts.size();
    column.codes.push_back(is_missing ? -1 : texts_[i].code_of(text, column));
    if (column.texts.size() == known) return;
    const std::string fault = formats::fault_of_name(column.texts.back());
    if (fault.empty()) return;
    throw Error({.kind = ErrorKind::corrupt,
                 .where = fmt::format("{}, column {}", formats::csv_place(where_, line),
                                      formats::shown(column.name)),
                 .what = "the cell cannot name a category",
                 .expected = fault,
                 .found = formats::shown(text),
                 .hint = "leave the column out with --drop; if the file is in Latin-1: iconv -f "
                         "LATIN1 -t UTF-8 FILE > table.csv"});
  }

  const std::vector<PlacedColumn>& placed_;
  const std::string& where_;
  std::vector<ColumnPiece> pieces_;
  std::vector<TextCodes> texts_;
};

}  // namespace

std::vector<ColumnPiece> read_columns(formats::CsvRecords& records, size_t most,
                                      const std::vector<PlacedColumn>& placed,
                                      const std::string& where) {
  return BlockColumns(placed, where).read(records, most);
}

std::string number_hint(std::string_view text) {
  if (is_number_with_unit(text))
    return "write the number alone, without the sign of its unit: 12.5";
  if (!is_number_with_comma(text)) return {};
  return "write a decimal point and no separators of thousands: 1234.5; where no comma stands "
         "between the cells, tr , . <FILE >table.csv does it";
}

void refuse_cell(const std::string& where, const std::string& column, const CellFault& fault) {
  std::string expected = "a finite number, or an empty cell where one is missing";
  if (fault.kind == CellKind::too_large) {
    expected = "a number of float64, below 1.8e308, or an empty cell where one is missing";
  }
  if (fault.kind == CellKind::text) expected = "a number";
  throw Error({.kind = ErrorKind::corrupt,
               .where = fmt::format("{}, column {}", formats::csv_place(where, fault.line),
                                    formats::shown(column)),
               .what = "the cell is no number that can be used",
               .expected = expected,
               .found = formats::shown(fault.text),
               .hint = number_hint(fault.text)});
}

}  // namespace cornu::inline v0::datasets
