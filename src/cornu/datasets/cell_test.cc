#include "cornu/datasets/cell.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace cornu::inline v0::datasets {
namespace cell_test {

double number(std::string_view text) {
  const Cell cell = read_cell(text);
  EXPECT_EQ(cell.kind, CellKind::number) << text;
  return cell.number;
}

TEST(Cell, NumbersAreThoseNearestToTheirDecimals) {
  EXPECT_EQ(number("1"), 1);
  EXPECT_EQ(number("-2.5"), -2.5);
  EXPECT_EQ(number("+3"), 3);
  EXPECT_EQ(number(".5"), 0.5);
  EXPECT_EQ(number("5."), 5);
  EXPECT_EQ(number("1e-3"), 0.001);
  EXPECT_EQ(number("1E+3"), 1000);
  EXPECT_EQ(number("0.1234567890123456789"), 0.1234567890123456789);
  EXPECT_EQ(number("1.7976931348623157e308"), 1.7976931348623157e308);
  EXPECT_EQ(number("1e-60"), 1e-60);
  EXPECT_EQ(number("5e-324"), 5e-324);
}

TEST(Cell, WhatIsTooSmallIsZero) {
  EXPECT_EQ(number("1e-400"), 0);
  EXPECT_TRUE(std::signbit(number("-1e-400")));
  EXPECT_EQ(number("0." + std::string(400, '0') + "1"), 0);
  EXPECT_EQ(number("1" + std::string(100, '0') + "e-500"), 0);
  EXPECT_EQ(number("1e-99999999999999999999"), 0);
  EXPECT_EQ(number("0e999999999999999999999"), 0);
}

TEST(Cell, WhatIsTooLargeIsNoNumber) {
  for (const std::string& each :
       {std::string("1e999"), std::string("-1e309"), "1" + std::string(400, '0'),
        "0.001e312" + std::string(), std::string("1e+99999999999999999999")}) {
    EXPECT_EQ(read_cell(each).kind, CellKind::too_large) << each;
  }
  for (const char* each : {"inf", "-inf", "Infinity", "+inf", "INF"}) {
    EXPECT_EQ(read_cell(each).kind, CellKind::infinite) << each;
  }
}

TEST(Cell, MissingIsWhatPandasTakesForIt) {
  for (const char* each : {"", "NA", "N/A", "n/a", "NaN", "nan", "-nan", "null", "NULL", "None",
                           "<NA>", "#N/A", "#NA", "1.#IND", "-1.#QNAN", "?"}) {
    EXPECT_EQ(read_cell(each).kind, CellKind::missing) << each;
  }
}

TEST(Cell, AllElseIsText) {
  for (const char* each : {"a", "1x", "1e", "0x10", "1,5", "1 000", "--1", "+-1", "e5", ".", "-",
                           "na", "Nothing", "1.2.3", "12%", "$5"}) {
    EXPECT_EQ(read_cell(each).kind, CellKind::text) << each;
  }
  EXPECT_EQ(trimmed(" \ta b \t"), "a b");
  EXPECT_EQ(trimmed("  "), "");
}

TEST(Cell, KnowsDatesAndTimes) {
  for (const char* each :
       {"2024-01-31", "31.01.2024", "01/31/2024", "1/31/24", "2024/1/1", "2024-01-31T12:30:59Z",
        "2024-01-31 12:30:59.123456", "2024-01-31T12:30:59+02:00", "01/31/2024 9:30 PM", "12:30",
        "23:59:59"}) {
    EXPECT_TRUE(is_date(each)) << each;
  }
  for (const char* each : {"2024", "1.5", "2024-13-32", "1-2", "a", "", "2024-01-31x",
                           "192.168.1.1", "2024-01/31", "1:2", "0/0/2024", "12:30:5"}) {
    EXPECT_FALSE(is_date(each)) << each;
  }
}

TEST(Cell, KnowsNumbersWithUnits) {
  for (const char* each : {"$5", "$ 1,200.50", "12%", "3.5 %", "7 €", "£-3"}) {
    EXPECT_TRUE(is_number_with_unit(each)) << each;
  }
  for (const char* each : {"5", "", "%", "$", "a%", "5 kg", "$5%"}) {
    EXPECT_FALSE(is_number_with_unit(each)) << each;
  }
}

TEST(Cell, KnowsNumbersWithCommas) {
  for (const char* each : {"1,5", "-1,5", "1,234", "1.234,5", "1,234.5"}) {
    EXPECT_TRUE(is_number_with_comma(each)) << each;
  }
  for (const char* each : {"1.5", "", "a,b", "1,5x", "-"}) {
    EXPECT_FALSE(is_number_with_comma(each)) << each;
  }
}

}  // namespace cell_test
}  // namespace cornu::inline v0::datasets
