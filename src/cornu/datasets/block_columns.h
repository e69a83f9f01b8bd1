#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/datasets/cell.h"
#include "cornu/datasets/columns.h"
#include "cornu/datasets/number_memory.h"
#include "cornu/datasets/text_codes.h"
#include "cornu/formats/csv.h"

namespace cornu::inline v0::datasets {

/// A column as the records of a file have it.
struct PlacedColumn {
  std::string name;
  size_t field;
  ColumnKind kind;
  bool is_given;  ///< the kind, whatever the cells say
};

/// A cell that a column of numbers must not have.
struct CellFault {
  uint64_t line;
  std::string text;
  CellKind kind;
};

/// What a block says of a column.
struct ColumnPiece {
  Column column;
  bool has_text = false;  ///< among what were to be numbers
  std::optional<CellFault> fault = {};
};

/// How many columns are of numbers.
size_t number_columns(const std::vector<PlacedColumn>& placed);

/// Reads the records of a block into columns, those of numbers at a place for all of them; `where`
/// names the file.
std::vector<ColumnPiece> read_columns(formats::CsvRecords& records, const NumberPlace& place,
                                      const std::vector<PlacedColumn>& placed,
                                      const std::string& where);

/// How a text that means a number is to be written: one with a comma, or with a unit; empty for
/// others.
std::string number_hint(std::string_view text);

/// An error with the place of the cell.
[[noreturn]] void refuse_cell(const std::string& where, const std::string& column,
                              const CellFault& fault);

}  // namespace cornu::inline v0::datasets
