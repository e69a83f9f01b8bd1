#pragma once

#include <array>
#include <span>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// The number of buckets that Keras asks TensorBoard for.
inline constexpr size_t kHistogramBuckets = 30;

/// A part of the values' range: left ≤ x < right, and of the last bucket x ≤ right.
struct HistogramBucket {
  double left = 0, right = 0, count = 0;

  friend bool operator==(const HistogramBucket&, const HistogramBucket&) = default;
};
using Histogram = std::array<HistogramBucket, kHistogramBuckets>;

/// The values counted in buckets of one width from the least to the largest, as
/// tf.summary.histogram of TensorFlow 2 counts them: in float64, bucket floor((x − least) ÷ width).
/// All values equal: each bucket is [v, v], and the last has them all. No values: zeros. Values
/// that are not finite are left out.
CORNU_API Histogram histogram(std::span<const float> values);

}  // namespace cornu::inline v0::formats
