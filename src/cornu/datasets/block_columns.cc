#include "cornu/datasets/block_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/decimal_column.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::datasets {
namespace {

constexpr double kMissingNumber = std::numeric_limits<double>::quiet_NaN();

/// Reads the records of a block into columns.
class BlockColumns {
 public:
  BlockColumns(const std::vector<PlacedColumn>& placed, const NumberPlace& place,
               const std::string& where)
      : placed_(placed),
        where_(where),
        place_(place),
        pieces_(placed.size()),
        texts_(placed.size()) {
    double* numbers = place.begin;
    for (size_t i = 0; i < placed.size(); ++i) {
      pieces_[i].column = {.name = placed[i].name, .kind = placed[i].kind};
      numbers_.push_back(numbers);
      if (placed[i].kind == ColumnKind::number) numbers += place.stride;
    }
  }

  std::vector<ColumnPiece> read(formats::CsvRecords& records) {
    size_t count = 0;
    for (formats::CsvRows rows; records.next(rows); count += rows.size()) {
      for (size_t i = 0; i < placed_.size(); ++i) {
        if (placed_[i].kind == ColumnKind::number) {
          read_numbers(i, rows, numbers_[i] + count);
        } else {
          add_texts(i, rows);
        }
      }
      if (text_fault_) refuse_text(*text_fault_);
    }
    for (size_t i = 0; i < placed_.size(); ++i) {
      if (placed_[i].kind != ColumnKind::number) continue;
      pieces_[i].column.numbers = Numbers(place_.memory, numbers_[i], count);
    }
    return std::move(pieces_);
  }

 private:
  void read_numbers(size_t i, const formats::CsvRows& rows, double* numbers) {
    size_t left = formats::read_decimals(rows, placed_[i].field, numbers);
    for (size_t row = 0; left > 0; ++row) {
      if (!std::isnan(numbers[row])) continue;
      numbers[row] = number_of(i, trimmed(rows.field(row, placed_[i].field)), rows.lines[row]);
      --left;
    }
  }

  void add_texts(size_t i, const formats::CsvRows& rows) {
    for (size_t row = 0; row < rows.size(); ++row) {
      add_text(i, trimmed(rows.field(row, placed_[i].field)), rows.lines[row]);
    }
  }

  // NaN where it is missing, and where it is none that a column of numbers may have.
  double number_of(size_t i, std::string_view text, uint64_t line) {
    if (text.empty()) return kMissingNumber;
    const Cell cell = read_cell(text);
    if (cell.kind == CellKind::number) return cell.number;
    if (cell.kind == CellKind::missing) return kMissingNumber;
    if (cell.kind == CellKind::text && !placed_[i].is_given) {
      pieces_[i].has_text = true;
    } else if (!pieces_[i].fault) {
      pieces_[i].fault = {
          .line = line, .text = std::string(text.substr(0, 100)), .kind = cell.kind};
    }
    return kMissingNumber;
  }

  void add_text(size_t i, std::string_view text, uint64_t line) {
    Column& column = pieces_[i].column;
    // What can only be a number is a text like any other here.
    const bool is_missing = read_cell(text).kind == CellKind::missing;
    const size_t known = column.texts.size();
    column.codes.push_back(is_missing ? -1 : texts_[i].code_of(text, column));
    if (column.texts.size() == known) return;
    const std::string fault = formats::fault_of_name(column.texts.back());
    // Columns are read one after the other, and the first line is told.
    if (fault.empty() || (text_fault_ && text_fault_->line <= line)) return;
    text_fault_ = {
        .line = line, .column = column.name, .text = std::string(text), .expected = fault};
  }

  // A text that cannot name a category.
  struct TextFault {
    uint64_t line;
    std::string column, text, expected;
  };

  [[noreturn]] void refuse_text(const TextFault& fault) const {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = fmt::format("{}, column {}", formats::csv_place(where_, fault.line),
                                      formats::shown(fault.column)),
                 .what = "the cell cannot name a category",
                 .expected = fault.expected,
                 .found = formats::shown(fault.text),
                 .hint = "leave the column out with --drop; if the file is in Latin-1: iconv -f "
                         "LATIN1 -t UTF-8 FILE > table.csv"});
  }

  const std::vector<PlacedColumn>& placed_;
  const std::string& where_;
  const NumberPlace& place_;
  std::vector<ColumnPiece> pieces_;
  std::vector<double*> numbers_;  // where those of each column begin
  std::vector<TextCodes> texts_;
  std::optional<TextFault> text_fault_;  // of the first line that has one
};

}  // namespace

size_t number_columns(const std::vector<PlacedColumn>& placed) {
  return static_cast<size_t>(std::ranges::count(placed, ColumnKind::number, &PlacedColumn::kind));
}

std::vector<ColumnPiece> read_columns(formats::CsvRecords& records, const NumberPlace& place,
                                      const std::vector<PlacedColumn>& placed,
                                      const std::string& where) {
  return BlockColumns(placed, place, where).read(records);
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
