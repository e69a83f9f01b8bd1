#pragma once

// Pooling of whole numbers, whose sums are exact, against a reference that visits each position of
// each window in int64 and knows nothing of clipped windows.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {

/// An image with up to 18 × 18 positions of up to 80 channels, and a window with steps of any
/// size; with "same" padding, windows reach beyond the edges.
inline PoolShape drawn_pool_shape(Draw& draw) {
  PoolShape s{};
  s.images = draw.below(4);
  s.rows = 1 + draw.below(18);
  s.cols = 1 + draw.below(18);
  s.channels = 1 + draw.below(80);
  const bool same = draw.below(2) == 0;
  const auto size = [&](int64_t extent) {
    const int64_t most = same ? 7 : extent;
    return draw.below(8) == 0 ? most : 1 + draw.below(std::min<int64_t>(most, 4));
  };
  s.height = size(s.rows);
  s.width = size(s.cols);
  if (!same && draw.below(3) == 0) s.height = s.width = 2;
  s.rows = std::max(s.rows, s.height);
  s.cols = std::max(s.cols, s.width);
  s.down = 1 + draw.below(4);
  s.right = 1 + draw.below(4);
  const auto windows = [same](int64_t extent, int64_t length, int64_t step) {
    return same ? (extent + step - 1) / step : (extent - length) / step + 1;
  };
  s.out_rows = windows(s.rows, s.height, s.down);
  s.out_cols = windows(s.cols, s.width, s.right);
  if (same) {
    s.top = std::max<int64_t>((s.out_rows - 1) * s.down + s.height - s.rows, 0) / 2;
    s.left = std::max<int64_t>((s.out_cols - 1) * s.right + s.width - s.cols, 0) / 2;
  }
  return s;
}

inline std::string text_of(const PoolShape& s) {
  std::string text = "images, rows, cols, channels, height, width, down, right, top, left:";
  for (const int64_t each :
       {s.images, s.rows, s.cols, s.channels, s.height, s.width, s.down, s.right, s.top, s.left}) {
    text += " " + std::to_string(each);
  }
  return text;
}

/// The results of all kernels for one shape, as whole numbers; `counts` is the number of positions
/// of each window.
struct ExpectedPools {
  std::vector<int64_t> largest, places, sums, counts;  // by output
  std::vector<int64_t> rectified_places;
  std::vector<int64_t> max_back, sum_back;  // by position
  std::vector<double> mean_back;
};

inline ExpectedPools expected_pools(const PoolShape& s, const std::vector<int64_t>& x,
                                    const std::vector<int64_t>& dy) {
  ExpectedPools e;
  e.max_back.resize(x.size());
  e.sum_back.resize(x.size());
  e.mean_back.resize(x.size());
  for (size_t out = 0; out < dy.size(); ++out) {
    const auto at = static_cast<int64_t>(out);
    const int64_t channel = at % s.channels;
    const int64_t col = at / s.channels % s.out_cols;
    const int64_t row = at / s.channels / s.out_cols % s.out_rows;
    const int64_t image = at / s.out_size();
    std::vector<size_t> positions;
    std::vector<int64_t> numbers;
    for (int64_t number = 0; number < s.height * s.width; ++number) {
      const int64_t r = row * s.down - s.top + number / s.width;
      const int64_t c = col * s.right - s.left + number % s.width;
      if (r < 0 || r >= s.rows || c < 0 || c >= s.cols) continue;
      positions.push_back(
          static_cast<size_t>(((image * s.rows + r) * s.cols + c) * s.channels + channel));
      numbers.push_back(number);
    }
    size_t best = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < positions.size(); ++i) {
      if (x[positions[i]] > x[positions[best]]) best = i;
      sum += x[positions[i]];
      e.sum_back[positions[i]] += dy[out];
      e.mean_back[positions[i]] +=
          static_cast<double>(dy[out]) / static_cast<double>(positions.size());
    }
    e.largest.push_back(x[positions[best]]);
    e.places.push_back(numbers[best]);
    e.rectified_places.push_back(x[positions[best]] > 0 ? numbers[best] : numbers[0]);
    e.sums.push_back(sum);
    e.counts.push_back(static_cast<int64_t>(positions.size()));
    e.max_back[positions[best]] += dy[out];
  }
  return e;
}

inline std::vector<float> to_floats(const std::vector<int64_t>& values) {
  return {values.begin(), values.end()};
}

/// Runs every kernel of a table on one drawn shape.
class PoolCase {
 public:
  explicit PoolCase(uint64_t key) : draw_(key), shape(drawn_pool_shape(draw_)) {
    x = whole(shape.images * shape.image_size());
    dy = whole(shape.images * shape.out_size());
    before = whole(shape.images * shape.image_size());
    before_y = whole(shape.images * shape.out_size());
    expected = expected_pools(shape, x, dy);
  }

  void expect_exact(const NamedTable& t) const {
    SCOPED_TRACE(t.name + ", " + text_of(shape));
    expect_forward(*t.kernels);
    for (const bool accumulate : {false, true}) {
      expect_back(*t.kernels, accumulate);
      expect_sums(*t.kernels, accumulate);
    }
  }

 private:
  // Small, so that equal numbers are frequent.
  std::vector<int64_t> whole(int64_t size) {
    std::vector<int64_t> values(static_cast<size_t>(size));
    for (int64_t& value : values) value = draw_.below(9) - 4;
    return values;
  }

  std::vector<float> with(const std::vector<int64_t>& start, const std::vector<int64_t>& more,
                          bool accumulate) const {
    std::vector<float> sums = to_floats(more);
    for (size_t i = 0; accumulate && i < sums.size(); ++i) {
      sums[i] += static_cast<float>(start[i]);
    }
    return sums;
  }

  template <class Kernel>
  std::vector<float> made(const std::vector<int64_t>& start, const Kernel& kernel) const {
    Guarded to(to_floats(start), 1);
    kernel(to.data());
    EXPECT_TRUE(to.intact());
    return to.values();
  }

  void expect_forward(const Table& t) const {
    const std::vector<float> in = to_floats(x);
    GuardedOf<uint8_t> bytes(std::vector<uint8_t>(dy.size()), 1);
    GuardedOf<int32_t> places(std::vector<int32_t>(dy.size()), 1);
    const auto max_pool = [&](uint8_t* to_bytes, int32_t* to_places, bool rectifies = false) {
      return made(before_y, [&](float* y) {
        t.max_pool({shape, in.data(), y, to_bytes, to_places, rectifies});
      });
    };
    EXPECT_TRUE(same_bits(max_pool(nullptr, nullptr), to_floats(expected.largest)));
    EXPECT_TRUE(same_bits(max_pool(bytes.data(), nullptr), to_floats(expected.largest)));
    EXPECT_TRUE(same_bits(max_pool(nullptr, places.data()), to_floats(expected.largest)));
    EXPECT_TRUE(bytes.intact() && places.intact());
    const auto made_bytes = bytes.values();
    const auto made_places = places.values();
    EXPECT_TRUE(std::ranges::equal(made_places, expected.places));
    if (shape.height * shape.width <= 256) {
      EXPECT_TRUE(std::ranges::equal(made_bytes, expected.places));
    }
    std::vector<float> rectified = to_floats(expected.largest);
    for (float& y : rectified) y = std::max(y, 0.0F);
    EXPECT_TRUE(same_bits(max_pool(nullptr, places.data(), true), rectified));
    EXPECT_TRUE(std::ranges::equal(places.values(), expected.rectified_places));
  }

  void expect_back(const Table& t, bool accumulate) const {
    const std::vector<float> in = to_floats(dy);
    const std::vector<int32_t> places(expected.places.begin(), expected.places.end());
    const std::vector<uint8_t> bytes(expected.places.begin(), expected.places.end());
    const std::vector<float> right = with(before, expected.max_back, accumulate);
    EXPECT_TRUE(same_bits(
        made(before,
             [&](float* dx) {
               t.max_pool_back({shape, in.data(), nullptr, places.data(), dx, accumulate});
             }),
        right));
    if (shape.height * shape.width > 256) return;
    EXPECT_TRUE(
        same_bits(made(before,
                       [&](float* dx) {
                         t.max_pool_back({shape, in.data(), bytes.data(), nullptr, dx, accumulate});
                       }),
                  right));
  }

  void expect_sums(const Table& t, bool accumulate) const {
    const std::vector<float> of_x = to_floats(x);
    const std::vector<float> of_dy = to_floats(dy);
    const auto average = [&](bool mean) {
      return made(before_y, [&](float* y) {
        t.average_pool({shape, of_x.data(), y, mean, accumulate});
      });
    };
    const auto back = [&](bool mean) {
      return made(before, [&](float* dx) {
        t.average_pool_back({shape, of_dy.data(), dx, mean, accumulate});
      });
    };
    EXPECT_TRUE(same_bits(average(false), with(before_y, expected.sums, accumulate)));
    EXPECT_TRUE(same_bits(back(false), with(before, expected.sum_back, accumulate)));
    std::vector<double> means(expected.sums.size());
    for (size_t i = 0; i < means.size(); ++i) {
      means[i] = static_cast<double>(expected.sums[i]) / static_cast<double>(expected.counts[i]) +
                 (accumulate ? static_cast<double>(before_y[i]) : 0);
    }
    EXPECT_TRUE(close(average(true), means, 1e-6, 1e-6));
    std::vector<double> mean_back = expected.mean_back;
    for (size_t i = 0; accumulate && i < mean_back.size(); ++i) {
      mean_back[i] += static_cast<double>(before[i]);
    }
    EXPECT_TRUE(close(back(true), mean_back, 1e-6, 1e-5));
  }

  Draw draw_;

 public:
  PoolShape shape;
  std::vector<int64_t> x, dy, before, before_y;
  ExpectedPools expected;
};

}  // namespace cornu::inline v0::kernels
