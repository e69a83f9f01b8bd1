#include "cornu/formats/histogram.h"

#include <algorithm>
#include <cmath>

namespace cornu::inline v0::formats {
namespace {

/// The least and the largest of the finite values, and how many those are.
struct FiniteRange {
  double least = 0, largest = 0;
  size_t count = 0;
};

FiniteRange finite_range_of(std::span<const float> values) {
  FiniteRange range;
  for (const float each : values) {
    if (!std::isfinite(each)) continue;
    const double value = each;
    range.least = range.count == 0 ? value : std::min(range.least, value);
    range.largest = range.count == 0 ? value : std::max(range.largest, value);
    ++range.count;
  }
  return range;
}

}  // namespace

Histogram histogram(std::span<const float> values) {
  const FiniteRange range = finite_range_of(values);
  Histogram buckets;
  const double extent = range.largest - range.least;
  const double width = extent / kHistogramBuckets;
  for (size_t i = 0; i < kHistogramBuckets; ++i) {
    buckets[i].left = range.least + static_cast<double>(i) * width;
    buckets[i].right = range.least + static_cast<double>(i + 1) * width;
  }
  buckets.back().right = range.largest;
  if (extent == 0) {
    buckets.back().count = static_cast<double>(range.count);
    return buckets;
  }
  for (const float each : values) {
    if (!std::isfinite(each)) continue;
    const double offset = static_cast<double>(each) - range.least;
    const auto bucket = static_cast<size_t>(std::floor(offset / width));
    buckets[std::min(bucket, kHistogramBuckets - 1)].count += 1;
  }
  return buckets;
}

}  // namespace cornu::inline v0::formats
