#include <cstdlib>

#include "cornu/core/error.h"
#include "cornu/formats/csv.h"

namespace {

using Records = std::vector<std::vector<std::string>>;

// What add(records, read) reads of all blocks.
template <class Add>
Records read_by(std::string_view text, char delimiter, const Add& add) {
  cornu::MemoryBytes bytes(std::as_bytes(std::span(text)));
  cornu::formats::CsvReader reader(bytes, "fuzz", delimiter);
  Records read;
  while (auto block = reader.next()) {
    cornu::formats::CsvRecords records(*block, reader.delimiter(), reader.fields(), "fuzz");
    add(records, read);
  }
  return read;
}

Records read(std::string_view text, char delimiter) {
  return read_by(text, delimiter, [](cornu::formats::CsvRecords& records, Records& read) {
    while (records.next()) read.emplace_back(records.fields().begin(), records.fields().end());
  });
}

// The same, many records at once.
Records read_rows(std::string_view text, char delimiter) {
  return read_by(text, delimiter, [](cornu::formats::CsvRecords& records, Records& read) {
    for (cornu::formats::CsvRows rows; records.next(rows);) {
      for (size_t row = 0; row < rows.size(); ++row) {
        auto& record = read.emplace_back();
        for (size_t i = 0; i < rows.fields; ++i) record.emplace_back(rows.field(row, i));
      }
    }
  });
}

}  // namespace

// Records that were read can be written, and read back equal: an Error from there on is a bug. A
// header comes first, or the first field might make another kind of file of them.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Records records;
  try {
    records = read({reinterpret_cast<const char*>(data), size}, 0);
  } catch (const cornu::Error&) {
    return 0;
  }
  if (read_rows({reinterpret_cast<const char*>(data), size}, 0) != records) std::abort();
  if (records.empty()) return 0;
  records.insert(records.begin(), std::vector<std::string>(records[0].size(), "header"));
  std::string text;
  for (const auto& each : records) {
    const std::vector<std::string_view> fields(each.begin(), each.end());
    cornu::formats::write_csv_record(text, fields, ';');
  }
  if (read(text, ';') != records) std::abort();
  return 0;
}
