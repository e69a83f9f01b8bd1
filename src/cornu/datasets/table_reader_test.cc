#include "cornu/datasets/table_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "cornu/datasets/table_file_test.h"

namespace cornu::inline v0::datasets {
namespace table_reader_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsNan;
using ::testing::StartsWith;

std::vector<std::string> names(std::string_view text, TableFormat format = {}) {
  const TableFile file(text);
  return TableReader(file.path(), format).names();
}

std::string refused(std::string_view text) {
  const TableFile file(text);
  return file.error_of([&] { read_table(file); });
}

TEST(TableReader, ColumnsAreOfNumbersOrOfText) {
  const TableFile file("a,b,c\n1, x ,\n NA,y,2\n-1e-60,x,?\n");
  const Table table = read_table(file);
  EXPECT_EQ(table.rows(), 3);
  EXPECT_EQ(table.at("a").kind, ColumnKind::number);
  EXPECT_THAT(table.at("a").numbers, ElementsAre(1, IsNan(), -1e-60));
  EXPECT_THAT(table.at("b").codes, ElementsAre(0, 1, 0));
  EXPECT_THAT(table.at("b").texts, ElementsAre("x", "y"));
  EXPECT_THAT(table.at("c").numbers, ElementsAre(IsNan(), 2, IsNan()));
  EXPECT_THAT(error_of([&] { table.at("A"); }),
              HasSubstr("unknown column \"A\"; expected one of a, b, c"));
}

TEST(TableReader, TheHeaderIsToldByTheContent) {
  EXPECT_THAT(names("x,y\n1,2\n"), ElementsAre("x", "y"));
  EXPECT_THAT(names("3,y\n1,2\n"), ElementsAre("column_1", "column_2"));
  EXPECT_THAT(names("x,y\na,b\n"), ElementsAre("x", "y"));
  EXPECT_THAT(names("x,y\na,y\n"), ElementsAre("column_1", "column_2"));
  EXPECT_THAT(names("x,y\na,2\nb,NA\n"), ElementsAre("x", "y"));
  EXPECT_THAT(names("x,,y\n1,2,3\n"), ElementsAre("x", "column_2", "y"));
  EXPECT_THAT(names("x,y\n1,2\n", {.has_header = false}), ElementsAre("column_1", "column_2"));
  EXPECT_THAT(names("2019,2020\n1,2\n", {.has_header = true}), ElementsAre("2019", "2020"));
  EXPECT_THAT(names("x;y\n1,5;2\n"), ElementsAre("x", "y"));
  const TableFile tabs("x,1\ty\n1\t2\n", "my.tsv");
  EXPECT_THAT(TableReader(tabs.path()).names(), ElementsAre("x,1", "y"));
}

TEST(TableReader, RefusesWhatIsNoTable) {
  EXPECT_EQ(refused("x,y,x\n1,2,3\n"),
            "my.csv: columns 1 and 3 have one name; expected a name for each column, got \"x\". "
            "Hint: rename one of them in the first line");
  EXPECT_EQ(refused(""), "my.csv: the table has no rows; expected records, got none.");
  EXPECT_EQ(refused("x,y\n"),
            "my.csv: the table has no rows; expected records below the names of the columns, got "
            "the first line alone.");
  EXPECT_THAT(refused("x,y\n1,2\n3\n"), StartsWith("my.csv, line 3: the record has another"));
  EXPECT_THAT(refused("x,\xE9\n1,2\n"), HasSubstr("iconv -f LATIN1 -t UTF-8 FILE"));
  EXPECT_THAT(refused("x,y\n1,\xE9\n"),
              StartsWith("my.csv, line 2, column \"y\": the cell cannot name a category"));
  const TableFile file("x,y\n1,2\n");
  EXPECT_THAT(file.error_of([&] { TableReader(file.path()).read({{"z"}}); }),
              StartsWith("my.csv: unknown column \"z\""));
}

TEST(TableReader, NamesTheCellThatIsNoNumber) {
  EXPECT_EQ(refused("x,y\n1,2\n3,inf\n"),
            "my.csv, line 3, column \"y\": the cell is no number that can be used; expected a "
            "finite number, or an empty cell where one is missing, got \"inf\".");
  EXPECT_EQ(
      refused("x,y\n1e999,2\n3,inf\n"),
      "my.csv, line 2, column \"x\": the cell is no number that can be used; expected a "
      "number of float64, below 1.8e308, or an empty cell where one is missing, got \"1e999\".");
  // In a column of text it is a text.
  EXPECT_THAT(read_table(TableFile("x,y\n1,a\n3,inf\n")).at("y").texts, ElementsAre("a", "inf"));
  const TableFile file("x,y\n1,2\n3,four\n");
  EXPECT_EQ(file.error_of([&] {
    TableReader(file.path()).read({{.name = "y", .kind = ColumnKind::number}});
  }),
            "my.csv, line 3, column \"y\": the cell is no number that can be used; expected a "
            "number, got \"four\".");
}

// A table of several blocks, where a column turns out to be of text in the last.
std::string long_table(int rows) {
  std::string text = "n,late,word,x\n";
  for (int row = 0; row < rows; ++row) {
    text += std::to_string(row) + "," + (row == rows - 1 ? "last" : "7") + ",w" +
            std::to_string(row / 100 % 900) + "," + std::string(40, '0') + ".5\n";
  }
  return text;
}

TEST(TableReader, ManyBlocksAreOneTable) {
  constexpr int kRows = 60'000;
  const TableFile file(long_table(kRows));
  const Table table = read_table(file);
  ASSERT_EQ(table.rows(), kRows);
  EXPECT_THAT(table.at("late").texts, ElementsAre("7", "last"));
  EXPECT_EQ(table.at("late").codes.back(), 1);
  const Column& words = table.at("word");
  EXPECT_EQ(words.texts.size(), 600);
  for (size_t row = 0; row < kRows; ++row) {
    ASSERT_EQ(table.at("n").numbers[row], row);
    ASSERT_EQ(words.texts[static_cast<size_t>(words.codes[row])],
              "w" + std::to_string(row / 100 % 900));
  }
  // Block by block it is the same.
  TableReader reader(file.path());
  int64_t rows = 0;
  int blocks = 0;
  while (const auto block = reader.next({{"n", ColumnKind::number}, {"late", ColumnKind::text}})) {
    EXPECT_EQ(block->at("n").numbers[0], rows);
    rows += block->rows();
    ++blocks;
  }
  EXPECT_EQ(rows, kRows);
  EXPECT_GT(blocks, 2);
}

// The rows of the first block tell how many there are; lines without a record are no rows, and
// places are left behind them.
TEST(TableReader, NumbersOfManyBlocksStandInTheirOrder) {
  const std::string wide(400, ' ');
  for (const std::string_view gap : {"", "\n", "\r\n\n"}) {
    for (const bool is_shorter_later : {false, true}) {
      std::string text = "n,m\n";
      constexpr int kRows = 30'000;
      for (int row = 0; row < kRows; ++row) {
        const bool is_wide = is_shorter_later == (row < 4'000);
        text += fmt::format("{},{}{}\n{}", row, is_wide ? wide : "", row * 0.25,
                            row % 7 == 0 ? gap : "");
      }
      const TableFile file(text);
      const Table table = read_table(file);
      ASSERT_EQ(table.rows(), kRows);
      for (size_t row = 0; row < kRows; ++row) {
        ASSERT_EQ(table.at("n").numbers[row], row);
        ASSERT_EQ(table.at("m").numbers[row], static_cast<double>(row) * 0.25);
      }
    }
  }
}

// Columns are read one after the other, and yet the first line is told.
TEST(TableReader, TheFirstTextThatNamesNoCategoryIsTold) {
  const TableFile file("a,b\nx,y\nx,\xFF\n\xFE,y\n");
  EXPECT_THAT(file.error_of([&] { read_table(file); }),
              StartsWith("my.csv, line 3, column \"b\": the cell "));
}

TEST(TableReader, TheFirstErrorOfTheFileIsReported) {
  std::string text = long_table(60'000);
  text += "1,2,3\n";
  text.insert(text.find("\n30000,") + 1, "1,2,3,4,5\n");
  text.insert(text.find("\n20000,") + 1, "1,2,3,inf\n");
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(refused(text), StartsWith("my.csv, line 30,003: the record has another number"));
  }
}

TEST(TableReader, AColumnKeepsAThousandTexts) {
  std::string text = "id,x\n";
  for (int row = 0; row < 3000; ++row) text += "i" + std::to_string(row % 1001) + ",1\n";
  const Column ids = read_table(TableFile(text)).at("id");
  EXPECT_EQ(ids.texts.size(), kMostTexts);
  EXPECT_TRUE(ids.has_more_texts);
  EXPECT_EQ(ids.codes[999], 999);
  EXPECT_EQ(ids.codes[1000], -1);
}

TEST(TableReader, ADamagedTableIsAnErrorOrATable) {
  const std::string text = "a,b\n1.5,\"x\ny\"\nNA,1e-999\n";
  for (size_t size = 0; size < text.size(); ++size) refused(text.substr(0, size));
  for (size_t at = 0; at < text.size(); ++at) {
    for (const char byte : {'\0', '\n', '"', ',', ';', '\r', '9', 'e', '\x80', '\xFF'}) {
      std::string changed = text;
      changed[at] = byte;
      const std::string error = refused(changed);
      EXPECT_TRUE(error == "no error" || error.starts_with("my.csv")) << error;
    }
  }
}

}  // namespace table_reader_test
}  // namespace cornu::inline v0::datasets
