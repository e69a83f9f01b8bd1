#include "cornu/formats/csv.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <utility>

#include "cornu/formats/damage_test.h"
#include "cornu/formats/decimal_column.h"

namespace cornu::inline v0::formats {
namespace csv_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using std::string_view_literals::operator""sv;

using Record = std::vector<std::string>;

CsvRecords records_of(CsvBlock& block, const CsvReader& reader) {
  return CsvRecords(block, reader.delimiter(), reader.fields(), "my.csv");
}

// Puts the records into `read`, one by one.
void read_each(std::string_view text, char delimiter, std::vector<Record>& read) {
  MemoryBytes bytes(std::as_bytes(std::span(text)));
  CsvReader reader(bytes, "my.csv", delimiter);
  while (std::optional<CsvBlock> block = reader.next()) {
    CsvRecords records = records_of(*block, reader);
    while (records.next()) read.emplace_back(records.fields().begin(), records.fields().end());
  }
}

void expect_decimals(const CsvRows& rows, size_t field) {
  std::vector<double> numbers(rows.size());
  const size_t left = read_decimals(rows, field, numbers.data());
  EXPECT_EQ(std::ranges::count_if(numbers, [](double each) { return std::isnan(each); }), left);
  for (size_t row = 0; row < rows.size(); ++row) {
    if (std::isnan(numbers[row])) continue;
    const std::string_view cell = rows.field(row, field);
    double expected = 0;
    const auto found = std::from_chars(cell.data(), cell.data() + cell.size(), expected);
    EXPECT_EQ(found.ptr, cell.data() + cell.size()) << cell;
    EXPECT_EQ(std::bit_cast<uint64_t>(numbers[row]), std::bit_cast<uint64_t>(expected)) << cell;
  }
}

// The records of `expected` so far as they are told.
void expect_rows(std::string_view text, char delimiter, const std::vector<Record>& expected) {
  MemoryBytes bytes(std::as_bytes(std::span(text)));
  CsvReader reader(bytes, "my.csv", delimiter);
  size_t told = 0;
  uint64_t line = 0;
  Block memory;
  while (std::optional<CsvBlock> block = reader.next(std::move(memory))) {
    CsvRecords records = records_of(*block, reader);
    for (CsvRows rows; records.next(rows);) {
      ASSERT_EQ(rows.fields, reader.fields());
      for (size_t row = 0; row < rows.size(); ++row, ++told) {
        ASSERT_LT(told, expected.size());
        EXPECT_LT(std::exchange(line, rows.lines[row]), rows.lines[row]);
        for (size_t field = 0; field < rows.fields; ++field) {
          ASSERT_EQ(rows.field(row, field), expected[told][field]) << told << ", " << field;
        }
      }
      for (size_t field = 0; field < rows.fields; ++field) expect_decimals(rows, field);
    }
    memory = std::move(block->bytes);
  }
  EXPECT_EQ(told, expected.size());
}

// Whether records are read one by one or many at once, they are the same, and so are the errors.
std::vector<Record> read(std::string_view text, char delimiter = 0) {
  std::vector<Record> records;
  const std::string error = error_of([&] { read_each(text, delimiter, records); });
  EXPECT_EQ(error_of([&] { expect_rows(text, delimiter, records); }), error);
  if (error != "no error") read_each(text, delimiter, records);
  return records;
}

std::string refused(std::string_view text) {
  return error_of([&] { read(text); });
}

TEST(Csv, FieldsStandBetweenDelimiters) {
  EXPECT_THAT(read("a,b\n1,2.5\n"), ElementsAre(Record{"a", "b"}, Record{"1", "2.5"}));
  EXPECT_THAT(read("a,b\r\n1,\r\n,2\r\n"),
              ElementsAre(Record{"a", "b"}, Record{"1", ""}, Record{"", "2"}));
  // The last line need not end, and empty lines are no records.
  EXPECT_THAT(read("\n\r\na,b\n\n1,2"), ElementsAre(Record{"a", "b"}, Record{"1", "2"}));
  EXPECT_THAT(read("\xEF\xBB\xBF\x61,b\n"), ElementsAre(Record{"a", "b"}));
  EXPECT_THAT(read("a long field of many letters,b\n"),
              ElementsAre(Record{"a long field of many letters", "b"}));
  EXPECT_THAT(read("one\ntwo\n"), ElementsAre(Record{"one"}, Record{"two"}));
  EXPECT_THAT(read(""), ElementsAre());
  EXPECT_THAT(read("\n"), ElementsAre());
  EXPECT_THAT(read("\xEF\xBB\xBF"), ElementsAre());
}

TEST(Csv, AFieldInQuotesMayHoldAnything) {
  EXPECT_THAT(
      read("\"a,b\",\"say \"\"yes\"\"\",\"\"\r\n\"line\r\nand \n line\",\"\"\"\",x"),
      ElementsAre(Record{"a,b", "say \"yes\"", ""}, Record{"line\r\nand \n line", "\"", "x"}));
  // Elsewhere a quote is a character as any other.
  EXPECT_THAT(read("5\" disk,b\"\n1,\"\"\n"),
              ElementsAre(Record{"5\" disk", "b\""}, Record{"1", ""}));
  EXPECT_THAT(
      refused("a,b\n1,\"2\"3\n"),
      "my.csv, line 2: field 2 goes on after its closing quote; expected a delimiter or the "
      "end of the line, got \"3\". Hint: a quote within a quoted field is doubled: \"say "
      "\"\"yes\"\"\"");
  EXPECT_EQ(refused("a,b\n\n\"1\n\n\",\n2,\"3\n4,5\n"),
            "my.csv, line 6: the quote that begins here is not closed; expected a quote before the "
            "next delimiter or end of line, got the end of the file. Hint: a quote within a quoted "
            "field is doubled: \"say \"\"yes\"\"\"");
}

TEST(Csv, EachRecordHasTheFieldsOfTheFirst) {
  EXPECT_EQ(refused("a,b\n1,2\n\n\"x\ny\",3\n1,2,3\n"),
            "my.csv, line 6: the record has another number of fields than the first one; expected "
            "2, got 3. Hint: a field that contains , stands between quotes: \"…\"");
  // Two lines with the fields of one are none, and one with those of two neither.
  EXPECT_THAT(refused("a,b\n1\n2\n"), StartsWith("my.csv, line 2: "));
  EXPECT_THAT(refused("a,b,c\n1,2\n3\n4,5,6\n"), StartsWith("my.csv, line 2: "));
  EXPECT_THAT(refused("a,b\n1,2,3,4\n5,6\n"), StartsWith("my.csv, line 2: "));
  EXPECT_THAT(error_of([] { read("a\tb\n1\n", '\t'); }),
              HasSubstr("line 2: the record has another number of fields than the first one; "
                        "expected 2, got 1. Hint: a field that contains a tab stands"));
}

TEST(Csv, TheDelimiterIsToldByTheContent) {
  EXPECT_THAT(read("a\tb\n1,5\t2\n"), ElementsAre(Record{"a", "b"}, Record{"1,5", "2"}));
  EXPECT_THAT(read("a;b\n1,5;2,5\n"), ElementsAre(Record{"a", "b"}, Record{"1,5", "2,5"}));
  EXPECT_THAT(read("a|b\n1|2\n"), ElementsAre(Record{"a", "b"}, Record{"1", "2"}));
  EXPECT_THAT(read("\"a;x\",b\n\"1;2\",3\n"), ElementsAre(Record{"a;x", "b"}, Record{"1;2", "3"}));
  EXPECT_THAT(read("a;b\n1;2\n", ','), ElementsAre(Record{"a;b"}, Record{"1;2"}));
  for (const char each : {'"', '\n', '\r', '\xC3'}) {
    EXPECT_THAT(error_of([&] { read("a", each); }),
                StartsWith("my.csv: the delimiter cannot be this character"));
  }
}

TEST(Csv, RefusesOtherKindsOfFilesWithALineThatConvertsThem) {
  EXPECT_EQ(refused("PAR1\x15\x04\x15"),
            "my.csv: this is no table of text; expected CSV or TSV in UTF-8, got a Parquet file. "
            "Hint: python3 -c \"import pandas; "
            "pandas.read_parquet('my.csv').to_csv('table.csv', index=False)\"");
  EXPECT_THAT(refused("\xD0\xCF\x11\xE0\xA1\xB1"), HasSubstr("pandas.read_excel('my.csv')"));
  EXPECT_THAT(refused(" {\"a\": 1}\n"), HasSubstr("pandas.read_json('my.csv')"));
  EXPECT_THAT(refused("\x1F\x8B\x08"), HasSubstr("Hint: gunzip -c 'my.csv' > table.csv"));
  EXPECT_THAT(refused("\xFF\xFE\x61\0"sv), HasSubstr("iconv -f UTF-16 -t UTF-8 'my.csv'"));
  EXPECT_THAT(refused("a,b\r1,2\r3,4"), HasSubstr("Hint: tr '\\r' '\\n' < 'my.csv' > table.csv"));
  EXPECT_THAT(refused("\x89HDF\r\n\x1a\n"), HasSubstr("got an HDF5 file"));
  EXPECT_THAT(refused("a,b\n1,2\n\x30\0,3\n"sv),
              StartsWith("my.csv, line 3: a byte of 0; expected text in UTF-8"));
  // No path stands in such a line that a shell might read otherwise.
  MemoryBytes bytes(std::as_bytes(std::span("PAR1"sv)));
  EXPECT_THAT(error_of([&] { CsvReader(bytes, "$(x)'.csv"); }), HasSubstr("read_parquet('FILE')"));
}

TEST(Csv, ADelimiterEndsWhatWouldBeANumber) {
  EXPECT_EQ(read("1.5\n2.6\n", '.'), (std::vector<Record>{{"1", "5"}, {"2", "6"}}));
  EXPECT_EQ(read("1e5\n2e6\n", 'e'), (std::vector<Record>{{"1", "5"}, {"2", "6"}}));
  EXPECT_EQ(read("1-5\n2-6\n", '-'), (std::vector<Record>{{"1", "5"}, {"2", "6"}}));
  EXPECT_EQ(read("105\n206\n", '0'), (std::vector<Record>{{"1", "5"}, {"2", "6"}}));
}

// Blocks are cut between records, wherever quotes and line feeds stand.
TEST(Csv, ManyBlocksAreOneTable) {
  std::string text = "a,b,c\n";
  std::vector<Record> expected = {{"a", "b", "c"}};
  for (int i = 0; text.size() < 5'000'000; ++i) {
    Record record = {std::to_string(i), "", std::string(static_cast<size_t>(i % 7), '\n')};
    if (i % 3 == 0) record[1] = "\",\n\"";
    if (i % 1000 == 0) record[2] = std::string(50'000, i % 2000 == 0 ? '"' : '\n');
    const std::vector<std::string_view> fields(record.begin(), record.end());
    write_csv_record(text, fields);
    expected.push_back(std::move(record));
  }
  EXPECT_EQ(read(text), expected);
  text += "1,2\n";
  const auto line = std::count(text.begin(), text.end(), '\n');
  EXPECT_THAT(refused(text), HasSubstr("expected 3, got 2"));
  EXPECT_THAT(refused(text), StartsWith(csv_place("my.csv", static_cast<uint64_t>(line))));
}

TEST(Csv, RecordsAndFieldsHaveLimits) {
  const std::string large(kLargestCsvRecord, 'x');
  EXPECT_EQ(read(large + "\n1\n").size(), 2);
  EXPECT_THAT(refused("1\n" + large + "x\n1\n"),
              StartsWith("my.csv, line 2: the record is too long; expected at most 1048576 bytes"));
  EXPECT_THAT(refused("1\n" + large + large + large),
              StartsWith("my.csv, line 2: the record is too long; expected at most 1048576 bytes"));
  EXPECT_THAT(refused("1\n2\n\"" + large + large + large),
              StartsWith("my.csv, line 3: the quote that begins here is not closed"));
  EXPECT_EQ(read(std::string(kMostCsvFields - 1, ',') + "\n")[0].size(), kMostCsvFields);
  EXPECT_THAT(refused(std::string(kMostCsvFields, ',') + "\n"),
              StartsWith("my.csv, line 1: the record has too many fields; expected at most 65536"));
}

TEST(Csv, ADamagedTableIsAnErrorOrATable) {
  const std::string text = "\"a\"\"\",b;c\r\n1.5,\"x\ny\"\n,NA\n";
  each_beginning(bytes_of(text), [](const auto& part) { read(text_of(part)); });
  size_t errors = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[at] = static_cast<char>(byte);
      const std::string error = refused(changed);
      if (error == "no error") continue;
      EXPECT_THAT(error, StartsWith("my.csv"));
      ++errors;
    }
  }
  EXPECT_GT(errors, text.size());
}

TEST(Csv, WhatIsWrittenReadsBack) {
  const std::vector<Record> records = {{"a", "b"},   {"", ""},          {" x ", "1,5"},
                                       {"\"", "\n"}, {"\r", "a\"b\"c"}, {"ü", "a;b"}};
  std::string text;
  for (const Record& each : records) {
    const std::vector<std::string_view> fields(each.begin(), each.end());
    write_csv_record(text, fields);
  }
  EXPECT_THAT(text, StartsWith("a,b\n,\n x ,\"1,5\"\n\"\"\"\",\"\n\"\n\"\r\",\"a\"\"b\"\"c\"\n"));
  EXPECT_EQ(read(text, ','), records);
  std::string single;
  write_csv_record(single, std::vector<std::string_view>{""});
  EXPECT_EQ(single, "\"\"\n");
  EXPECT_THAT(read(single), ElementsAre(Record{""}));
}

}  // namespace csv_test
}  // namespace cornu::inline v0::formats
