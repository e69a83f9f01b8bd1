#include "cornu/cli/text_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "cornu/formats/display_width.h"

namespace cornu::inline v0::cli {
namespace text_table_test {

const TextTable kCities = {.columns = {{"city"}, {"size", true}, {"what people say of it"}},
                           .rows = {{"Zürich", "12.5", "clean"},
                                    {"東京", "1,000", "large, and very well organized"},
                                    {"", "7", ""}}};

TEST(TextTable, NumbersEndBelowEachOther) {
  EXPECT_EQ(table_text(kCities, {.width = 80}),
            "city     size  what people say of it\n"
            "Zürich   12.5  clean\n"
            "東京    1,000  large, and very well organized\n"
            "            7\n");
}

TEST(TextTable, WideColumnsAreCutAndThenLeftOut) {
  EXPECT_EQ(table_text(kCities, {.width = 30}),
            "city     size  what people sa…\n"
            "Zürich   12.5  clean\n"
            "東京    1,000  large, and ver…\n"
            "            7\n");
  EXPECT_EQ(table_text(kCities, {.unicode = false, .width = 16}),
            "city     size\n"
            "Zürich   12.5\n"
            "東京    1,000\n"
            "            7\n"
            "No room for 1 c~\n");
}

TEST(TextTable, WhatIsLeftOutIsNamed) {
  TextTable wide = kCities;
  wide.columns.push_back({"more"});
  for (auto& row : wide.rows) row.emplace_back("of the same, and of others");
  EXPECT_THAT(table_text(wide, {.width = 22}), testing::EndsWith("\nNo room for 2 columns…\n"));
  EXPECT_THAT(table_text(wide, {.width = 36}), testing::EndsWith("\nNo room for 1 column: more\n"));
}

TEST(TextTable, NoLineIsWiderThanTheTerminal) {
  for (int64_t width = 1; width < 70; ++width) {
    std::istringstream lines(table_text(kCities, {.width = width}));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(formats::display_width(line), static_cast<size_t>(width)) << line;
    }
  }
}

}  // namespace text_table_test
}  // namespace cornu::inline v0::cli
