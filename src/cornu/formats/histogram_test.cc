#include "cornu/formats/histogram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace cornu::inline v0::formats {
namespace histogram_test {

double all_counts(const Histogram& buckets) {
  double sum = 0;
  for (const HistogramBucket& each : buckets) sum += each.count;
  return sum;
}

TEST(Histogram, ValuesThatAreAllEqualAreInTheLastBucket) {
  const Histogram buckets = histogram(std::vector<float>(7, 0.1F));
  const double value = 0.1F;
  for (size_t i = 0; i + 1 < buckets.size(); ++i) {
    EXPECT_EQ(buckets[i], (HistogramBucket{value, value, 0})) << i;
  }
  EXPECT_EQ(buckets.back(), (HistogramBucket{value, value, 7}));
}

TEST(Histogram, OfNoValuesIsZero) {
  for (const HistogramBucket& each : histogram({})) EXPECT_EQ(each, HistogramBucket());
}

TEST(Histogram, TheLastBucketIsClosed) {
  const Histogram buckets = histogram(std::vector<float>{-1, 0, 2});
  EXPECT_EQ(buckets[0], (HistogramBucket{-1, -0.9, 1}));
  EXPECT_EQ(buckets[10].count, 1);
  EXPECT_EQ(buckets.back().right, 2);
  EXPECT_EQ(buckets.back().count, 1);
}

TEST(Histogram, LeavesOutWhatIsNotFinite) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const Histogram buckets =
      histogram(std::vector<float>{1, std::nanf(""), kInfinity, -kInfinity, 3, 2});
  EXPECT_EQ(buckets[0].left, 1);
  EXPECT_EQ(buckets.back().right, 3);
  EXPECT_EQ(all_counts(buckets), 3);
  EXPECT_EQ(histogram(std::vector<float>{std::nanf("")}), Histogram());
}

TEST(Histogram, HoldsTheWholeRangeOfFloats) {
  constexpr float kMost = std::numeric_limits<float>::max();
  constexpr float kLeast = std::numeric_limits<float>::denorm_min();
  EXPECT_EQ(all_counts(histogram(std::vector<float>{-kMost, 0, kMost})), 3);
  EXPECT_EQ(all_counts(histogram(std::vector<float>{0, kLeast})), 2);
}

}  // namespace histogram_test
}  // namespace cornu::inline v0::formats
