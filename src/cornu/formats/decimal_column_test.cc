#include "cornu/formats/decimal_column.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cornu/core/rng.h"

namespace cornu::inline v0::formats {
namespace decimal_column_test {

double from_chars(const std::string& text) {
  double number = 0;
  const auto found = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = found.ec == std::errc() && found.ptr == text.data() + text.size();
  return is_whole ? number : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> numbers_of(const std::vector<std::string>& column) {
  std::string text;
  CsvRows rows;
  rows.fields = 1;
  for (const std::string& each : column) {
    rows.places.push_back(
        {.begin = static_cast<uint32_t>(text.size()), .size = static_cast<uint32_t>(each.size())});
    rows.lines.push_back(rows.lines.size() + 1);
    text += each + ",";
  }
  text.append(kCsvPadding, '7');
  rows.text = text.data();
  std::vector<double> numbers(column.size());
  const size_t left = read_decimals(rows, 0, numbers.data());
  EXPECT_EQ(std::ranges::count_if(numbers, [](double each) { return std::isnan(each); }), left);
  return numbers;
}

// Returns how many are left.
size_t check(const std::vector<std::string>& column) {
  const std::vector<double> numbers = numbers_of(column);
  size_t left = 0;
  for (size_t i = 0; i < column.size(); ++i) {
    if (std::isnan(numbers[i])) {
      ++left;
      continue;
    }
    EXPECT_EQ(std::bit_cast<uint64_t>(numbers[i]), std::bit_cast<uint64_t>(from_chars(column[i])))
        << column[i];
  }
  return left;
}

// A column whose other cells have the form of one cell reads this one in the loop of that form.
const std::vector<std::string> kForms = {"7", "1.5", "0.12345678901234567", "1e3"};

TEST(DecimalColumn, ReadsNumbersOfEachLengthInEachForm) {
  for (const std::string& form : kForms) {
    std::vector<std::string> column(400, form);
    const std::string digits = "9081726354453627180";
    for (size_t whole = 0; whole < digits.size(); ++whole) {
      for (size_t places = 0; whole + places <= digits.size(); ++places) {
        if (whole + places == 0) continue;
        const std::string number = digits.substr(0, whole) + "." + digits.substr(whole, places);
        column.insert(column.end(), {number, "-" + number});
      }
      if (whole > 0)
        column.insert(column.end(), {digits.substr(0, whole), "-" + digits.substr(0, whole)});
    }
    column.insert(column.end(),
                  {"0", "-0", "0.0", "-0.0", "007", "00.10", "0.000000000000000000000012",
                   "9999999999.999999999", "1e5", "-2.5e-07", "1.7976931348623157e308"});
    EXPECT_EQ(check(column), 1U) << form;  // the last
  }
}

TEST(DecimalColumn, LeavesWhatIsNoNumberInEachForm) {
  const std::vector<std::string> others = {"",
                                           "-",
                                           ".",
                                           "-.",
                                           "+1",
                                           " 1",
                                           "1 ",
                                           "--1",
                                           "1-",
                                           "1.2.",
                                           "..",
                                           "1..2",
                                           "1.2.3",
                                           "nan",
                                           "inf",
                                           "NA",
                                           "1e",
                                           "x",
                                           "1x",
                                           "0x10",
                                           "1,5",
                                           "12345678x",
                                           "1.2345678x",
                                           "0.1234567890123456x",
                                           "/",
                                           ":",
                                           "1:2",
                                           "2024-01-31",
                                           "1.\xC3\xA9",
                                           "\xFF\xFF",
                                           "1/2",
                                           "1.5\r",
                                           "99999999999999999999",
                                           "12345678901234567890.5",
                                           "0.12345678901234567890123456"};
  for (const std::string& form : kForms) {
    for (const std::string& other : others) {
      std::vector<std::string> column(40, form);
      column.push_back(other);
      EXPECT_EQ(check(column), 1U) << form << " and " << other;
      // The first cell only tells in which form the others are tried first.
      std::swap(column.front(), column.back());
      EXPECT_EQ(check(column), 1U) << other << " and " << form;
    }
  }
  EXPECT_EQ(check({"", "", ""}), 3U);
  EXPECT_EQ(check({}), 0U);
}

TEST(DecimalColumn, IsFromCharsToTheLastBit) {
  for (int form = 0; form < 8; ++form) {
    std::vector<std::string> column;
    for (uint64_t i = 0; i < 20'000; ++i) {
      const uint64_t bits = mix(static_cast<uint64_t>(form), i);
      const double number = std::ldexp(static_cast<double>(static_cast<int64_t>(bits)), -62);
      const auto places = static_cast<int>(mix(bits, 1) % 19);
      if (form == 0)
        column.push_back(fmt::format("{}", static_cast<int>(bits >> (40 + bits % 24))));
      if (form == 1) column.push_back(fmt::format("{:.3f}", number * 10));
      if (form == 2) column.push_back(fmt::format("{:.6f}", number));
      if (form == 3) column.push_back(fmt::format("{}", number));
      if (form == 4) column.push_back(fmt::format("{:.{}f}", number * 100, places));
      if (form == 5) column.push_back(fmt::format("{:.{}e}", number, places));
      if (form == 6) column.push_back(bits % 3 == 0 ? "" : fmt::format("{:.2f}", number * 1000));
      if (form == 7) column.push_back(bits % 2 == 0 ? "5" : fmt::format("{}", number * 1e-3));
    }
    const size_t left = check(column);
    const auto empty = static_cast<size_t>(std::ranges::count(column, ""));
    EXPECT_LE(left - empty, form == 4 || form == 5 ? 2'000 : 20) << form;
  }
}

}  // namespace decimal_column_test
}  // namespace cornu::inline v0::formats
