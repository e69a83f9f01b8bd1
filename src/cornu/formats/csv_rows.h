#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// The bytes behind a block of records that may be read.
inline constexpr size_t kCsvPadding = 40;

/// Where a field stands in its block, without quotes around it.
struct CsvPlace {
  uint32_t begin = 0, size = 0;
};

/// Some records of a block. Their fields are found first, and then read column by column: nothing
/// waits for the end of the field before.
struct CORNU_API CsvRows {
  const char* text = nullptr;    ///< of the block
  size_t fields = 0;             ///< of each record
  std::vector<CsvPlace> places;  ///< of all fields, one record after the other
  std::vector<uint64_t> lines;   ///< on which each record begins

  size_t size() const { return lines.size(); }
  const CsvPlace& place(size_t row, size_t field) const { return places[row * fields + field]; }
  std::string_view field(size_t row, size_t field) const {
    return {text + place(row, field).begin, place(row, field).size};
  }
};

}  // namespace cornu::inline v0::formats
