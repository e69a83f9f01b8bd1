#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/datasets/columns.h"
#include "cornu/datasets/table_format.h"

namespace cornu::inline v0::datasets {

/// A column to be read. Without a kind it is of numbers if all of its cells are numbers or missing.
struct ColumnChoice {
  std::string name;
  std::optional<ColumnKind> kind = {};
};

/// Reads columns of a CSV or TSV file: all rows, on all threads, or block by block. The result does
/// not depend on the number of threads.
class CORNU_API TableReader {
 public:
  /// Reads the names of the columns. The first record has them if it has no number and a column
  /// below has; or if no column has numbers and none of its texts occurs below. Without a header,
  /// and where a name is empty, columns are called column_1, column_2, … Error when a name occurs
  /// twice.
  explicit TableReader(const std::string& path, TableFormat format = {});
  ~TableReader();

  const std::vector<std::string>& names() const;
  bool has_header() const;
  char delimiter() const;
  /// All rows. Error for a cell that is infinite or too large in a column of numbers, for a text in
  /// one that must have numbers, and when there are no rows.
  Table read(const std::vector<ColumnChoice>& choices);
  /// The rows of the next block; nullopt at the end. Each choice has a kind.
  std::optional<Table> next(const std::vector<ColumnChoice>& choices);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace cornu::inline v0::datasets
