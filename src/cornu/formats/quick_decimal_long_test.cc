#include <gtest/gtest.h>

#include "cornu/formats/quick_decimal_test.h"

namespace cornu::inline v0::formats {
namespace quick_decimal_long_test {

TEST(QuickDecimalLong, IsFromCharsToTheLastBit) {
  for (uint64_t seed = 2; seed < 12; ++seed) quick_decimal_test::check_drawn(seed, 1'000'000);
}

}  // namespace quick_decimal_long_test
}  // namespace cornu::inline v0::formats
