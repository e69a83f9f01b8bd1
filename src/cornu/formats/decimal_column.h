#pragma once

#include <cstddef>

#include "cornu/core/export.h"
#include "cornu/formats/csv_rows.h"

namespace cornu::inline v0::formats {

/// Reads the numbers of a field in all rows: `numbers` of each row is the float64 that
/// std::from_chars has for the whole field, to the last bit; NaN for other content, and for the few
/// numbers that quick_decimal() leaves. Returns of how many rows it is NaN.
CORNU_API size_t read_decimals(const CsvRows& rows, size_t field, double* numbers);

}  // namespace cornu::inline v0::formats
