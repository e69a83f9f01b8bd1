#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/block.h"
#include "cornu/core/byte_source.h"
#include "cornu/core/export.h"
#include "cornu/formats/csv_rows.h"

namespace cornu::inline v0::formats {

/// The largest record, in bytes, and the most fields that it may have.
inline constexpr size_t kLargestCsvRecord = size_t{1} << 20;
inline constexpr size_t kMostCsvFields = 65'536;

/// Whole records of a table, and where they stand in it.
struct CsvBlock {
  Block bytes;             ///< the records, each ended by a line feed, and kCsvPadding bytes more
  size_t size = 0;         ///< of the records
  bool has_quotes = true;  ///< somewhere; false if there is none
  size_t index = 0;        ///< 0, 1, … in the order of the file
  uint64_t line = 1;       ///< the number of its first line
  size_t lines = 0;        ///< at least as many as it has records
};

/// Reads a table of text, CSV or TSV (RFC 4180), in blocks of about a megabyte, so that it need not
/// fit in memory and several threads may read its records. It begins with UTF-8's byte order mark
/// or none. Error for files of other kinds, which it names with a line that converts them, for a
/// record that is too long, and for a quote that is not closed.
class CORNU_API CsvReader {
 public:
  /// `where` names the file. A delimiter of 0 is told by the content: the comma, semicolon, tab or
  /// vertical bar that divides all of the first records into equally many fields.
  CsvReader(ByteSource& source, std::string where, char delimiter = 0);

  char delimiter() const { return delimiter_; }
  /// The fields of the first record, which all others have too; 0 for a file without records.
  size_t fields() const { return fields_; }
  /// The first records, as many or fewer; none after the first call of next().
  std::vector<std::vector<std::string>> head(size_t records) const;
  /// The next block; nullopt at the end. For one thread at a time. It takes over the memory of an
  /// earlier one, if that is large enough.
  std::optional<CsvBlock> next(Block memory = {});

 private:
  std::optional<CsvBlock> cut(Block memory);

  ByteSource& source_;
  std::string where_;
  char delimiter_;
  size_t fields_ = 0;
  std::optional<CsvBlock> first_;
  std::string rest_;  // the beginning of a record whose end is still to be read
  uint64_t offset_ = 0, line_ = 1;
  size_t index_ = 0;
};

/// The records of a block, one after the other. Empty lines are left out.
class CORNU_API CsvRecords {
 public:
  /// Quoted fields are unquoted where they stand. With `fields` of 0 records may differ in length.
  CsvRecords(CsvBlock& block, char delimiter, size_t fields, std::string where);

  /// Goes to the next record; false at the end. Error when it has another number of fields, or
  /// something between a closing quote and the next delimiter.
  bool next();
  /// The fields of this record, which are views of the block.
  std::span<const std::string_view> fields() const { return fields_; }
  /// The line on which this record begins.
  uint64_t line() const { return record_line_; }
  /// Goes to the next records, some thousand fields of them; false at the end. Error as of next(),
  /// once the records before it have been told.
  bool next(CsvRows& rows);

 private:
  bool find_rows(CsvRows& rows);
  void add_record(CsvRows& rows) const;
  bool read_plain_field();
  bool read_quoted_field();
  [[noreturn]] void refuse(const std::string& what, const std::string& expected,
                           const std::string& found, const std::string& hint) const;

  char* const begin_;
  char* at_;
  char* const end_;
  char delimiter_;
  size_t expected_;
  std::string where_;
  std::vector<std::string_view> fields_;
  uint64_t line_, record_line_;
  bool has_quotes_;
  std::exception_ptr error_;  // of the record after those that were told
};

/// The place of a record in messages: "my.csv, line 7".
CORNU_API std::string csv_place(const std::string& where, uint64_t line);

/// Appends a record: fields between delimiters, quoted where they must be, and a line feed.
CORNU_API void write_csv_record(std::string& to, std::span<const std::string_view> fields,
                                char delimiter = ',');

}  // namespace cornu::inline v0::formats
