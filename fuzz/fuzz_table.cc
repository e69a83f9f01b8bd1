#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/datasets/table.h"

// Any text is a table, whose rows are encoded again in the same way, or an Error.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string path = std::filesystem::temp_directory_path() /
                                  ("fuzz_table_" + std::to_string(::getpid()) + ".csv");
  static cornu::UnsyncedFiles files;
  cornu::replace_file(path, std::as_bytes(std::span(data, size)), files);
  cornu::datasets::TableData table;
  try {
    table = cornu::datasets::load_table(path);
  } catch (const cornu::Error&) {
    return 0;
  }
  const auto again = cornu::datasets::TableEncoding::from_value(table.encoding.to_value());
  if (again != table.encoding) std::abort();
  const auto same = cornu::datasets::load_table(path, again);
  if (same.train.size() != table.train.size() + table.test.size()) std::abort();
  return 0;
}
