#include "cornu/datasets/table_rows.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "cornu/core/byte_source.h"
#include "cornu/core/error.h"
#include "cornu/datasets/cell.h"
#include "cornu/datasets/table_reader.h"
#include "cornu/formats/csv.h"

namespace cornu::inline v0::datasets {
namespace {

std::vector<size_t> fields_of(const std::vector<std::string>& columns,
                              const std::vector<std::string>& names, const std::string& path) {
  std::vector<size_t> fields;
  for (const std::string& each : columns) {
    const auto found = std::ranges::find(names, each);
    if (found == names.end()) throw unknown_name(path, "column", each, names);
    fields.push_back(static_cast<size_t>(found - names.begin()));
  }
  return fields;
}

}  // namespace

std::vector<TableRow> table_rows(const std::string& path, const TableFormat& format,
                                 const std::vector<std::string>& columns,
                                 std::span<const uint64_t> rows) {
  const TableReader head(path, format);
  const std::vector<size_t> fields = fields_of(columns, head.names(), path);
  std::multimap<uint64_t, size_t> wanted;  // row -> its place in the result
  for (size_t i = 0; i < rows.size(); ++i) wanted.emplace(rows[i], i);
  std::vector<TableRow> found(rows.size());
  FileBytes file(path, UINT64_MAX);
  formats::CsvReader reader(file, path, head.delimiter());
  auto next = wanted.begin();
  uint64_t row = 0;
  while (next != wanted.end()) {
    std::optional<formats::CsvBlock> block = reader.next();
    if (!block) break;
    formats::CsvRecords records(*block, reader.delimiter(), head.names().size(), path);
    if (head.has_header() && block->index == 0) records.next();
    for (; next != wanted.end() && records.next(); ++row) {
      for (; next != wanted.end() && next->first == row; ++next) {
        TableRow& to = found[next->second];
        to.line = records.line();
        for (const size_t field : fields) to.cells.emplace_back(trimmed(records.fields()[field]));
      }
    }
  }
  if (next == wanted.end()) return found;
  throw Error({.kind = ErrorKind::corrupt,
               .where = path,
               .what = "has too few rows",
               .expected = std::to_string(next->first + 1) + " or more",
               .found = std::to_string(row)});
}

}  // namespace cornu::inline v0::datasets
