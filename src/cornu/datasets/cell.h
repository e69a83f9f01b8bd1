#pragma once

#include <cstdint>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0::datasets {

enum class CellKind : uint8_t {
  number,
  missing,  ///< empty, NA, nan, null, …: pandas's list, and ?
  text,
  infinite,   ///< inf
  too_large,  ///< a number beyond float64, such as 1e999
};

/// What a cell of a table says.
struct Cell {
  CellKind kind;
  double number = 0;  ///< if it is one
};

/// A cell's content without the spaces around it.
CORNU_API std::string_view trimmed(std::string_view text);

/// Reads a cell that is trimmed. Numbers have a decimal point in any locale; one that is too small
/// for float64 is 0.
CORNU_API Cell read_cell(std::string_view text);

/// Whether it is a date such as 2024-01-31, 31.01.2024 or 1/31/24, a time such as 12:30, or both.
CORNU_API bool is_date(std::string_view text);

/// Whether it is a number with a comma: 1,5 or 1,234.
CORNU_API bool is_number_with_comma(std::string_view text);

/// Whether it is a number with a sign of money or of percent: $ 5, 12%.
CORNU_API bool is_number_with_unit(std::string_view text);

}  // namespace cornu::inline v0::datasets
