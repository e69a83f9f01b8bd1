#include "cornu/datasets/table_statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "cornu/datasets/table_file_test.h"

namespace cornu::inline v0::datasets {
namespace table_statistics_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr const char* kCities =
    "id,city,size,rooms,price\n"
    "1,Zürich,12.5,2,500\n"
    "2,東京,30,3,700\n"
    "3,\"a, b\",-1e3,2,500\n"
    "4,Zürich,12.50,2.0,500\n"
    "5,,NA,1,?\n"
    "6,Zürich,12.5,2,650\n"
    "7,東京,30.0,3,700\n"
    "8,東京,30.0,3,\n";

// The numbers are those of pandas's describe(), nunique(), isna() and duplicated().
TEST(TableStatistics, AreThoseOfPandas) {
  const TableFile file(kCities);
  const TableStatistics all = table_statistics(file.path(), {.drop = {"id"}, .first = 3});
  EXPECT_EQ(all.rows, 8);
  ASSERT_EQ(all.first.size(), 3U);
  EXPECT_THAT(all.first[2], ElementsAre("a, b", "-1e3", "2", "500"));
  ASSERT_EQ(all.columns.size(), 4U);
  EXPECT_EQ(all.label, 3U);
  const ColumnStatistics& city = all.columns[0];
  EXPECT_EQ(city.kind, ColumnKind::text);
  EXPECT_EQ(city.missing, 1);
  EXPECT_EQ(city.distinct, 3);
  EXPECT_THAT(city.most_frequent, ElementsAre(Pair("Zürich", 3), Pair("東京", 3), Pair("a, b", 1)));
  const ColumnStatistics& size = all.columns[1];
  EXPECT_EQ(size.kind, ColumnKind::number);
  EXPECT_EQ(size.missing, 1);
  EXPECT_EQ(size.distinct, 3);
  EXPECT_EQ(size.min, -1000);
  EXPECT_DOUBLE_EQ(size.mean, -124.64285714285714);
  EXPECT_DOUBLE_EQ(size.standard_deviation, 386.09538051774575);
  EXPECT_EQ(size.median, 12.5);
  EXPECT_EQ(size.max, 30);
  EXPECT_THAT(size.most_frequent, ElementsAre(Pair("12.5", 3), Pair("30", 3), Pair("-1000", 1)));
  const ColumnStatistics& price = all.columns[3];
  EXPECT_EQ(price.missing, 2);
  EXPECT_EQ(price.median, 575) << "of an even number of values";
  EXPECT_DOUBLE_EQ(price.standard_deviation, 102.06207261596575);
  EXPECT_EQ(all.duplicates.same_label, 2);
  EXPECT_EQ(all.duplicates.two_labels, 6);
  EXPECT_EQ(table_statistics(file.path()).duplicates.two_labels, 0) << "each id is another";
}

TEST(TableStatistics, ATextAfterManyNumbersMakesAColumnOfText) {
  std::string text = "a,b\n";
  for (int row = 0; row < 200'000; ++row) text += std::to_string(row % 1000) + ".0,7\n";
  const TableStatistics all = table_statistics(TableFile(text + "none,7\n").path());
  EXPECT_EQ(all.rows, 200'001);
  EXPECT_EQ(all.columns[0].kind, ColumnKind::text);
  EXPECT_EQ(all.columns[0].distinct, 1001);
  EXPECT_EQ(all.columns[0].most_frequent.size(), 20U);
  EXPECT_EQ(all.columns[0].most_frequent[0].second, 200);
  EXPECT_EQ(all.columns[1].standard_deviation, 0);
  EXPECT_EQ(all.duplicates.same_label, 199'000);
}

TEST(TableStatistics, ColumnsMayBeEmptyOrAllDifferent) {
  std::string text = "empty,one,name\n";
  for (int row = 0; row < 30; ++row) {
    text += (row == 3 ? ",4,n" : ",,n") + std::to_string(row) + "\n";
  }
  const TableStatistics all = table_statistics(TableFile(text).path());
  EXPECT_EQ(all.columns[0].missing, 30);
  EXPECT_TRUE(std::isnan(all.columns[0].mean));
  EXPECT_EQ(all.columns[1].median, 4);
  EXPECT_TRUE(std::isnan(all.columns[1].standard_deviation));
  EXPECT_EQ(all.columns[2].distinct, 30);
  EXPECT_THAT(all.columns[2].most_frequent, IsEmpty());
  EXPECT_EQ(all.duplicates.two_labels, 29);
}

TEST(TableStatistics, MistakesAreNamed) {
  const TableFile file("a,b\n1,2\n1e999,3\n");
  EXPECT_THAT(file.error_of([&] { table_statistics(file.path()); }),
              HasSubstr("my.csv, line 3, column \"a\": the cell is no number that can be used"));
  EXPECT_THAT(file.error_of([&] { table_statistics(file.path(), {.label = "c"}); }),
              HasSubstr("unknown column \"c\""));
  EXPECT_THAT(file.error_of([&] { table_statistics(file.path(), {.drop = {"A"}}); }),
              HasSubstr("unknown column \"A\""));
}

}  // namespace table_statistics_test
}  // namespace cornu::inline v0::datasets
