#pragma once

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/datasets/table_reader.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0::datasets {

/// A file with a table, in a folder of its own.
class TableFile {
 public:
  explicit TableFile(std::string_view text, const std::string& name = "my.csv")
      : path_(folder_.file(name)) {
    std::ofstream(path_, std::ios::binary) << text;
  }

  const std::string& path() const { return path_; }
  /// The error of a call, the file's path without its folder.
  template <class Call>
  std::string error_of(Call call) const {
    std::string text = cornu::error_of(call);
    const std::string folder = folder_.file("");
    for (size_t at = text.find(folder); at != text.npos; at = text.find(folder)) {
      text.erase(at, folder.size());
    }
    return text;
  }

 private:
  cornu::TestFolder folder_;
  std::string path_;
};

/// All columns of a file.
inline Table read_table(const TableFile& file, TableFormat format = {}) {
  TableReader reader(file.path(), format);
  std::vector<ColumnChoice> choices;
  for (const std::string& each : reader.names()) choices.push_back({each});
  return reader.read(choices);
}

}  // namespace cornu::inline v0::datasets
