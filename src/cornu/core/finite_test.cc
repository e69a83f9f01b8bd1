#include "cornu/core/finite.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace cornu::inline v0 {
namespace finite_test {

using Limits = std::numeric_limits<float>;

TEST(FirstNotFinite, IsTheSizeWhereAllAreFinite) {
  for (size_t size : {0U, 1U, 255U, 256U, 257U, 1000U}) {
    std::vector<float> numbers(size, Limits::max());
    EXPECT_EQ(first_not_finite(numbers), size);
    numbers.assign(size, Limits::lowest());
    EXPECT_EQ(first_not_finite(numbers), size);
    numbers.assign(size, -Limits::denorm_min());
    EXPECT_EQ(first_not_finite(numbers), size);
  }
}

TEST(FirstNotFinite, FindsEachOfThemEverywhere) {
  for (float bad : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(),
                    -Limits::quiet_NaN(), Limits::signaling_NaN()}) {
    for (size_t at = 0; at < 600; ++at) {
      std::vector<float> numbers(600, -0.0F);
      numbers[at] = bad;
      EXPECT_EQ(first_not_finite(numbers), at);
      numbers.back() = bad;
      EXPECT_EQ(first_not_finite(numbers), at);
    }
  }
}

}  // namespace finite_test
}  // namespace cornu::inline v0
