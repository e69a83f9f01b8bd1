#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/datasets/table_format.h"

namespace cornu::inline v0::datasets {

/// A row of a table as its file has it.
struct TableRow {
  uint64_t line = 0;                    ///< on which it begins, from 1
  std::vector<std::string> cells = {};  ///< without the spaces around them
};

/// These rows, numbered from 0 in the order of the file, and of them these columns. Error if one is
/// not there.
CORNU_API std::vector<TableRow> table_rows(const std::string& path, const TableFormat& format,
                                           const std::vector<std::string>& columns,
                                           std::span<const uint64_t> rows);

}  // namespace cornu::inline v0::datasets
