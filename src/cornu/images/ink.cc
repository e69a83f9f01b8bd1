#include "cornu/images/ink.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "cornu/images/flatten_light.h"

namespace cornu::inline v0::images {
namespace {

// Of the deepest ink, what joins strokes.
constexpr int kJoint = 10;

using Histogram = std::array<int64_t, 256>;

// Rows or columns of a picture, so that a filter of two axes is two filters of one.
struct Lines {
  int64_t count, length, step, line_step;
};

std::array<Lines, 2> both_axes(int64_t height, int64_t width) {
  return {{{height, width, 1, width}, {width, height, width, 1}}};
}

// The value at `quantile` of a histogram.
int quantile_of(const Histogram& counts, double quantile) {
  const int64_t all = std::accumulate(counts.begin(), counts.end(), int64_t{0});
  int64_t below = 0;
  for (int value = 0; value < 256; ++value) {
    below += counts[static_cast<size_t>(value)];
    if (static_cast<double>(below) > quantile * static_cast<double>(all)) return value;
  }
  return 255;
}

Histogram histogram_of(std::span<const uint8_t> values) {
  Histogram counts{};
  for (const uint8_t value : values) ++counts[value];
  return counts;
}

// The greatest value within `reach` of each place; with std::less, the least (Van Herk, 1992, would
// be faster; a picture is small here).
template <class Better>
void extremes(std::vector<uint8_t>& pixels, int64_t height, int64_t width, int64_t reach,
              Better better) {
  for (const Lines& lines : both_axes(height, width)) {
    std::vector<uint8_t> line(static_cast<size_t>(lines.length));
    std::vector<int64_t> queue(static_cast<size_t>(lines.length));  // of places, best first
    for (int64_t i = 0; i < lines.count; ++i) {
      uint8_t* const from = &pixels[static_cast<size_t>(i * lines.line_step)];
      const auto value = [&](int64_t place) { return from[place * lines.step]; };
      size_t first = 0, last = 0;
      for (int64_t j = 0; j < lines.length + reach; ++j) {
        if (j < lines.length) {
          while (last > first && !better(value(queue[last - 1]), value(j))) --last;
          queue[last++] = j;
        }
        const int64_t middle = j - reach;
        if (middle < 0) continue;
        while (queue[first] < middle - reach) ++first;
        line[static_cast<size_t>(middle)] = value(queue[first]);
      }
      for (int64_t j = 0; j < lines.length; ++j) {
        from[j * lines.step] = line[static_cast<size_t>(j)];
      }
    }
  }
}

void blur(std::vector<uint8_t>& pixels, int64_t height, int64_t width, int64_t reach) {
  for (const Lines& lines : both_axes(height, width)) {
    std::vector<int64_t> sums(static_cast<size_t>(lines.length) + 1);
    for (int64_t i = 0; i < lines.count; ++i) {
      uint8_t* const from = &pixels[static_cast<size_t>(i * lines.line_step)];
      for (int64_t j = 0; j < lines.length; ++j) {
        sums[static_cast<size_t>(j) + 1] = sums[static_cast<size_t>(j)] + from[j * lines.step];
      }
      for (int64_t j = 0; j < lines.length; ++j) {
        const int64_t begin = std::max<int64_t>(0, j - reach);
        const int64_t end = std::min(lines.length, j + reach + 1);
        const int64_t sum = sums[static_cast<size_t>(end)] - sums[static_cast<size_t>(begin)];
        from[j * lines.step] = static_cast<uint8_t>((sum + (end - begin) / 2) / (end - begin));
      }
    }
  }
}

// What the paper would look like without ink: strokes are narrower than the reach of the filters.
std::vector<uint8_t> paper_of(std::vector<uint8_t> pixels, int64_t height, int64_t width,
                              bool ink_is_dark) {
  const int64_t reach = std::max<int64_t>(3, std::max(height, width) / 6);
  const auto bright = [](uint8_t a, uint8_t b) { return a > b; };
  const auto dark = [](uint8_t a, uint8_t b) { return a < b; };
  if (ink_is_dark) {
    extremes(pixels, height, width, reach, bright);
    extremes(pixels, height, width, reach, dark);
  } else {
    extremes(pixels, height, width, reach, dark);
    extremes(pixels, height, width, reach, bright);
  }
  blur(pixels, height, width, reach / 2);
  return pixels;
}

// How deep a line is over nine tenths of its length at least; 0 if it does not go on so long. Grain
// makes a few of its pixels fainter.
int depth_of_rule(const uint8_t* line, const Lines& lines) {
  const int64_t window = lines.length * 9 / 10;
  int rule = 0;
  for (int64_t begin = 0; begin + window <= lines.length;
       begin += std::max<int64_t>(1, window / 16)) {
    Histogram counts{};
    for (int64_t i = begin; i < begin + window; ++i) ++counts[line[i * lines.step]];
    rule = std::max(rule, quantile_of(counts, 0.06));
  }
  return rule;
}

// Takes away the thin lines of ruled paper, which go on along a row or a column.
void remove_rules(std::vector<uint8_t>& depth, int64_t height, int64_t width) {
  const std::vector<uint8_t> before = depth;
  for (const Lines& lines : both_axes(height, width)) {
    const int64_t thickest = std::max<int64_t>(2, lines.count / 40);
    std::vector<int> rules(static_cast<size_t>(lines.count));
    for (int64_t i = 0; i < lines.count; ++i) {
      rules[static_cast<size_t>(i)] =
          depth_of_rule(&before[static_cast<size_t>(i * lines.line_step)], lines);
    }
    // Grain is as deep along every line.
    std::vector<int> sorted = rules;
    std::ranges::sort(sorted);
    const int grain = 2 * sorted[sorted.size() / 2] + 2;
    for (int64_t begin = 0; begin < lines.count;) {
      int64_t end = begin;
      while (end < lines.count && rules[static_cast<size_t>(end)] > grain) ++end;
      const bool is_rule = end - begin <= thickest;
      for (int64_t i = begin; is_rule && i < end; ++i) {
        uint8_t* const line = &depth[static_cast<size_t>(i * lines.line_step)];
        for (int64_t j = 0; j < lines.length; ++j) {
          // Twice its depth, since half of its pixels are deeper than that.
          const int left = line[j * lines.step] - 2 * rules[static_cast<size_t>(i)];
          line[j * lines.step] = static_cast<uint8_t>(std::max(0, left));
        }
      }
      begin = end + 1;
    }
  }
}

// The border is paper, but for ink that touches it.
int border_median(std::span<const uint8_t> pixels, int64_t height, int64_t width) {
  Histogram counts{};
  for (int64_t y = 0; y < height; ++y) {
    const bool is_edge = y == 0 || y == height - 1;
    for (int64_t x = 0; x < width; x += is_edge || width == 1 ? 1 : width - 1) {
      ++counts[pixels[static_cast<size_t>(y * width + x)]];
    }
  }
  return quantile_of(counts, 0.5);
}

bool has_dark_ink(std::span<const uint8_t> pixels, int paper) {
  int64_t darker = 0, brighter = 0;
  for (const uint8_t value : pixels) {
    darker += std::max(0, paper - value);
    brighter += std::max(0, value - paper);
  }
  return darker > brighter;
}

// The threshold that divides the values into two groups that differ most (Otsu).
int otsu(const Histogram& counts) {
  double all = 0, sum = 0;
  for (int value = 0; value < 256; ++value) {
    const auto count = static_cast<double>(counts[static_cast<size_t>(value)]);
    all += count;
    sum += count * value;
  }
  double below = 0, sum_below = 0, best = -1;
  int threshold = 0;
  for (int value = 0; value < 255; ++value) {
    const auto count = static_cast<double>(counts[static_cast<size_t>(value)]);
    below += count;
    sum_below += count * value;
    if (below == 0 || below == all) continue;
    const double difference = sum_below / below - (sum - sum_below) / (all - below);
    const double between = below * (all - below) * difference * difference;
    if (between > best) {
      best = between;
      threshold = value;
    }
  }
  return threshold;
}

}  // namespace

Ink ink_of(TensorView grey) {
  const auto stored = grey.span<uint8_t>();
  std::vector<uint8_t> pixels(stored.begin(), stored.end());
  Ink ink{.height = grey.shape()[0], .width = grey.shape()[1], .depth = {}};
  flatten_light(pixels, ink.height, ink.width);
  ink.is_dark = has_dark_ink(pixels, border_median(pixels, ink.height, ink.width));
  const std::vector<uint8_t> paper = paper_of(pixels, ink.height, ink.width, ink.is_dark);
  ink.depth.resize(pixels.size());
  for (size_t i = 0; i < pixels.size(); ++i) {
    const int depth = ink.is_dark ? paper[i] - pixels[i] : pixels[i] - paper[i];
    ink.depth[i] = static_cast<uint8_t>(std::max(0, depth));
  }
  remove_rules(ink.depth, ink.height, ink.width);
  const Histogram counts = histogram_of(ink.depth);
  const int threshold = otsu(counts);
  Histogram inked = counts;
  std::fill_n(inked.begin(), threshold + 1, 0);
  Histogram plain = counts;
  std::fill(plain.begin() + threshold + 1, plain.end(), 0);
  ink.peak = quantile_of(inked, 0.95);
  ink.certain = std::max(threshold, ink.peak / 3);
  // Grain of the paper is no ink, and the faint edge of a stroke is: three standard deviations, of
  // which the upper quartile is 0.67 away from the middle.
  const int middle = quantile_of(plain, 0.5);
  const int grain = middle + 9 * (quantile_of(plain, 0.75) - middle) / 2;
  ink.least = std::clamp(grain, ink.peak / 32, ink.certain);
  ink.joint = std::clamp(ink.least, ink.peak / kJoint, ink.certain);
  return ink;
}

}  // namespace cornu::inline v0::images
