#include "cornu/formats/quick_decimal.h"

#include <gtest/gtest.h>

#include <charconv>
#include <string>
#include <string_view>

#include "cornu/formats/quick_decimal_test.h"

namespace cornu::inline v0::formats {
namespace quick_decimal_test {

TEST(QuickDecimal, ReadsNumbersAsTheyAreWritten) {
  for (const std::string text : {"0",
                                 "-0",
                                 "0.0",
                                 "7",
                                 "-7",
                                 "39.1",
                                 "0.1",
                                 "1e5",
                                 "1E+5",
                                 "-1.5e-05",
                                 ".5",
                                 "5.",
                                 "00012",
                                 "12345678",
                                 "123456789.87654321",
                                 "9007199254740993",

                                 "9999999999999999999",
                                 "0.0000000000000000000000000012345",
                                 "1e22",
                                 "1e23",
                                 "8.5e-23",
                                 "1e50",
                                 "1234567890123456789e-50"}) {
    EXPECT_EQ(read(text), Found::same) << text;
  }
}

TEST(QuickDecimal, LeavesTheRestToFromChars) {
  for (const std::string text :
       {"", "-", ".", "-.", "e5", "nan", "inf", "+1", " 1", "1e", "1e+", "1e0005", "1e51",
        "12345678901234567890", "9007199254740991.5", "18446744073709551615e3",
        "18446744073709551616", "1.2345678901234567890", "--1"}) {
    EXPECT_EQ(read(text), Found::nothing) << text;
  }
}

TEST(QuickDecimal, EndsAtTheFirstCharacterThatIsNoPartOfIt) {
  for (const std::string_view text : {"12,5", "12\n", "12.5.5", "12.5-", "12e3e", "12 "}) {
    const std::string padded = std::string(text) + std::string(8, '\n');
    double value = 0;
    const char* const end = quick_decimal(padded.data(), value);
    ASSERT_NE(end, nullptr) << text;
    double expected = 0;
    const auto found = std::from_chars(padded.data(), padded.data() + text.size(), expected);
    EXPECT_EQ(end - padded.data(), found.ptr - padded.data()) << text;
    EXPECT_EQ(value, expected) << text;
  }
}

TEST(QuickDecimal, IsFromCharsToTheLastBit) {
  check_drawn(1, 200'000);
}

}  // namespace quick_decimal_test
}  // namespace cornu::inline v0::formats
