#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/datasets/columns.h"
#include "cornu/datasets/duplicates.h"
#include "cornu/datasets/table_format.h"

namespace cornu::inline v0::datasets {

/// What the cells of a column are like. A column of numbers has numbers and missing cells alone.
struct ColumnStatistics {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  int64_t missing = 0, distinct = 0;
  /// Of numbers, as pandas has them (the standard deviation over n - 1); NaN where there are too
  /// few.
  double min = 0, mean = 0, standard_deviation = 0, median = 0, max = 0;
  /// The most frequent values and how often they occur; equally frequent ones in their order.
  std::vector<std::pair<std::string, int64_t>> most_frequent = {};
};

struct TableStatistics {
  int64_t rows = 0;
  std::vector<ColumnStatistics> columns = {};
  size_t label = 0;                                  ///< the column to be predicted
  Duplicates duplicates = {};                        ///< the content of a row is all but its label
  std::vector<std::vector<std::string>> first = {};  ///< cells of the first rows
};

struct TableStatisticsOptions {
  std::string label = {};              ///< empty: the column called label, else the last one
  std::vector<std::string> drop = {};  ///< columns that are left out
  int64_t first = 0;                   ///< the rows whose cells are kept
  TableFormat format = {};             ///< what it leaves open is told by the content
};

/// Reads a table without keeping its texts: 8 bytes for each cell, and 16 for each row. Error for
/// what is no table, and for a cell that is infinite or too large in a column of numbers.
CORNU_API TableStatistics table_statistics(const std::string& path,
                                           const TableStatisticsOptions& options = {});

}  // namespace cornu::inline v0::datasets
