#include "cornu/datasets/table_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/core/error_of_test.h"

namespace cornu::inline v0::datasets {
namespace table_format_test {

TEST(TableFormat, ADelimiterIsACharacterOrItsName) {
  EXPECT_EQ(delimiter_from_text(";"), ';');
  EXPECT_EQ(delimiter_from_text("semicolon"), ';');
  EXPECT_EQ(delimiter_from_text("\t"), '\t');
  EXPECT_EQ(delimiter_from_text("tab"), '\t');
  EXPECT_EQ(delimiter_from_text("\\t"), '\t');
  EXPECT_EQ(delimiter_from_text("~"), '~');
  for (const char* const wrong : {"", ";;", "\"", "\n", "\x01", "§", "Tab stop"}) {
    EXPECT_THAT(error_of([&] { delimiter_from_text(wrong); }),
                testing::StartsWith("delimiter: expected one character of ASCII but the quote, or "
                                    "comma, semicolon, tab, space, colon, pipe, got "));
  }
}

TEST(TableFormat, WhatIsNotSaidIsAsAnotherSays) {
  const TableFormat mine = {.delimiter = ';'};
  const TableFormat other = {.delimiter = ',', .has_header = false};
  EXPECT_EQ(mine.or_else(other), (TableFormat{.delimiter = ';', .has_header = false}));
  EXPECT_EQ(TableFormat{}.or_else(other), other);
  EXPECT_EQ((TableFormat{.has_header = true}.or_else(other).has_header), true);
}

}  // namespace table_format_test
}  // namespace cornu::inline v0::datasets
