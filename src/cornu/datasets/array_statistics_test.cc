#include "cornu/datasets/array_statistics.h"

#include <gtest/gtest.h>

#include <limits>

namespace cornu::inline v0::datasets {
namespace array_statistics_test {

// The values are NumPy's: x.mean(axis=(0, 1, 2)), x.std(axis=(0, 1, 2)).
TEST(ArrayStatistics, OfBytesByChannel) {
  const Tensor x =
      Tensor::of<uint8_t>({1, 2, 2, 3}, {0, 10, 255, 1, 20, 254, 2, 30, 253, 3, 50, 7});
  const auto all = array_statistics(x, 3);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].min, 0);
  EXPECT_EQ(all[0].max, 3);
  EXPECT_EQ(all[0].mean, 1.5);
  EXPECT_DOUBLE_EQ(all[0].standard_deviation, 1.118033988749895);
  EXPECT_EQ(all[1].mean, 27.5);
  EXPECT_DOUBLE_EQ(all[1].standard_deviation, 14.79019945774904);
  EXPECT_EQ(all[2].min, 7);
  EXPECT_EQ(all[2].mean, 192.25);
  EXPECT_DOUBLE_EQ(all[2].standard_deviation, 106.95647479231914);
  EXPECT_EQ(array_statistics(x)[0].count, 12);
  EXPECT_DOUBLE_EQ(array_statistics(x)[0].mean, 73.75);
}

TEST(ArrayStatistics, NumbersThatAreNotFiniteAreCounted) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  const auto all = array_statistics(Tensor::of<float>({5}, {-1.5F, kNan, 2, -kInfinite, 4}));
  EXPECT_EQ(all[0].count, 3);
  EXPECT_EQ(all[0].not_finite, 2);
  EXPECT_EQ(all[0].min, -1.5);
  EXPECT_EQ(all[0].max, 4);
  EXPECT_EQ(all[0].mean, 1.5);
  EXPECT_DOUBLE_EQ(all[0].standard_deviation, 2.273030282830976);
  EXPECT_EQ(array_statistics(Tensor::of<float>({1}, {kNan}))[0].count, 0);
}

}  // namespace array_statistics_test
}  // namespace cornu::inline v0::datasets
