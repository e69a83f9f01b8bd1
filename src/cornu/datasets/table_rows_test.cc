#include "cornu/datasets/table_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/datasets/table_file_test.h"

namespace cornu::inline v0::datasets {
namespace table_rows_test {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(TableRows, AreAsTheFileHasThem) {
  const TableFile file("a,b,c\n1,x,0\n\n2,\"y\nz\",\n 3 ,NA,0.10\n");
  const std::vector<uint64_t> rows = {2, 0, 1, 0};
  const auto found = table_rows(file.path(), {}, {"c", "b"}, rows);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].line, 6U);
  EXPECT_THAT(found[0].cells, ElementsAre("0.10", "NA"));
  EXPECT_EQ(found[1].line, 2U);
  EXPECT_THAT(found[1].cells, ElementsAre("0", "x"));
  EXPECT_EQ(found[2].line, 4U);
  EXPECT_THAT(found[2].cells, ElementsAre("", "y\nz"));
  EXPECT_EQ(found[3].line, 2U);
  const auto unnamed = table_rows(file.path(), {.has_header = false}, {"column_1"}, rows);
  EXPECT_EQ(unnamed[1].line, 1U);
  EXPECT_THAT(unnamed[1].cells, ElementsAre("a"));
}

// Blocks of a megabyte.
TEST(TableRows, StandInAnyBlock) {
  std::string text = "n,m\n";
  for (int i = 0; i < 400'000; ++i) text += std::to_string(i) + ",7\n";
  const TableFile file(text);
  const std::vector<uint64_t> rows = {399'999, 200'000};
  const auto found = table_rows(file.path(), {}, {"n"}, rows);
  EXPECT_EQ(found[0].line, 400'001U);
  EXPECT_THAT(found[0].cells, ElementsAre("399999"));
  EXPECT_THAT(found[1].cells, ElementsAre("200000"));
}

TEST(TableRows, WhatIsNotThereIsAnError) {
  const TableFile file("a,b\n1,2\n");
  const std::vector<uint64_t> rows = {1};
  EXPECT_THAT(file.error_of([&] { table_rows(file.path(), {}, {"a"}, rows); }),
              HasSubstr("my.csv: has too few rows; expected 2 or more, got 1"));
  EXPECT_THAT(file.error_of([&] { table_rows(file.path(), {}, {"x"}, rows); }),
              HasSubstr("my.csv: unknown column \"x\"; expected one of a, b"));
}

}  // namespace table_rows_test
}  // namespace cornu::inline v0::datasets
