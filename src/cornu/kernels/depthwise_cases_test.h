#pragma once

// Depthwise kernels on whole numbers, whose sums are exact, against a reference that adds one
// product after the other in int64.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {

/// Taps of any kind: beyond the edges on both sides, from the last to the first, none, or far
/// apart.
inline TapAxis drawn_axis(Draw& draw) {
  const bool is_wide = draw.below(4) == 0;
  return {.extent = 1 + draw.below(14),
          .outputs = draw.below(is_wide ? 30 : 12),
          .first = draw.below(9) - 5,
          .step = 1 + draw.below(3),
          .taps = draw.below(8) == 0 ? 0 : 1 + draw.below(is_wide ? 9 : 4),
          .apart = draw.below(7) - 3};
}

inline std::string text_of(const TapAxis& a) {
  std::string text = "extent, outputs, first, step, taps, apart:";
  for (const int64_t each : {a.extent, a.outputs, a.first, a.step, a.taps, a.apart}) {
    text += " " + std::to_string(each);
  }
  return text;
}

/// An image, its kernel and its gradient; lines of y are apart, and numbers between them stay.
class DepthwiseCase {
 public:
  explicit DepthwiseCase(uint64_t key) : draw_(key), down(drawn_axis(draw_)) {
    across = drawn_axis(draw_);
    channels = 1 + draw_.below(draw_.below(3) == 0 ? 150 : 40);
    depth = draw_.below(3) == 0 ? 1 + draw_.below(3) : 1;
    spread = 1 + draw_.below(2);
    has_bias = draw_.below(2) == 0;
    accumulates = !has_bias && draw_.below(2) == 0;
    x = whole(down.extent * across.extent * x_col());
    w = whole(down.taps * across.taps * x_col());
    bias = whole(channels);
    y = whole(down.outputs * y_row());
  }

  int64_t x_col() const { return channels * depth; }
  int64_t x_row() const { return across.extent * x_col(); }
  int64_t y_col() const { return channels * spread; }
  int64_t y_row() const { return across.outputs * y_col() + 1; }

  std::string text() const {
    return text_of(down) + "; " + text_of(across) + "; channels " + std::to_string(channels) +
           ", depth " + std::to_string(depth) + ", spread " + std::to_string(spread);
  }

  DepthwiseArgsOf<float> args(const float* from, const float* kernel, const float* start,
                              float* to) const {
    const float* const begin = has_bias ? start : accumulates ? to : nullptr;
    return {.down = down,
            .across = across,
            .x = from,
            .x_row = x_row(),
            .x_col = x_col(),
            .w = kernel,
            .w_row = across.taps * x_col(),
            .w_col = x_col(),
            .start = begin,
            .start_row = accumulates ? y_row() : 0,
            .start_col = accumulates ? y_col() : 0,
            .y = to,
            .y_row = y_row(),
            .y_col = y_col(),
            .channels = channels,
            .depth = depth};
  }

  /// The gradient of taps `begin` to before `end`, for x of depth 1.
  DepthwiseKernelArgsOf<float> kernel_args(const float* from, const float* dy, float* dw,
                                           int64_t begin, int64_t end) const {
    return {.down = down,
            .across = across,
            .x = from,
            .x_row = x_row(),
            .x_col = x_col(),
            .dy = dy,
            .dy_row = y_row(),
            .dy_col = y_col(),
            .dw = dw,
            .dw_tap = x_col(),
            .begin = begin,
            .end = end,
            .channels = channels};
  }

  void expect_exact(const NamedTable& t) {
    SCOPED_TRACE(t.name + ", " + text());
    Guarded images(floats(x), 1), kernel(floats(w), 1), start(floats(bias), 1), to(floats(y), 1);
    t.kernels->depthwise(args(images.data(), kernel.data(), start.data(), to.data()));
    EXPECT_TRUE(to.intact());
    EXPECT_EQ(to.values(), floats(expected_y()));
    const int64_t taps = down.taps * across.taps;
    const int64_t begin = draw_.below(taps + 1);
    const int64_t end = begin + draw_.below(taps + 1 - begin);
    Guarded dy(floats(y), 1), dw(floats(w), 1);
    t.kernels->depthwise_kernel(kernel_args(images.data(), dy.data(), dw.data(), begin, end));
    EXPECT_TRUE(dw.intact());
    EXPECT_EQ(dw.values(), floats(expected_dw(begin, end)));
  }

 private:
  template <class Values>
  static auto& at(Values& values, int64_t index) {
    return values[static_cast<size_t>(index)];
  }

  std::vector<int64_t> whole(int64_t size) {
    std::vector<int64_t> values(static_cast<size_t>(size));
    for (int64_t& value : values) value = draw_.below(9) - 4;
    return values;
  }
  static std::vector<float> floats(const std::vector<int64_t>& values) {
    return {values.begin(), values.end()};
  }

  // f(place of y, tap, place of x), the first channels of each, for taps inside the image.
  template <class F>
  void for_each_seen(const F& f) const {
    for (int64_t r = 0; r < down.outputs; ++r) {
      for (int64_t c = 0; c < across.outputs; ++c) {
        for (int64_t i = 0; i < down.taps; ++i) {
          for (int64_t k = 0; k < across.taps; ++k) {
            const int64_t row = down.first + r * down.step + i * down.apart;
            const int64_t col = across.first + c * across.step + k * across.apart;
            if (row < 0 || row >= down.extent || col < 0 || col >= across.extent) continue;
            f(r * y_row() + c * y_col(), i * across.taps + k, row * x_row() + col * x_col());
          }
        }
      }
    }
  }

  std::vector<int64_t> expected_y() const {
    std::vector<int64_t> sums = y;
    for (int64_t r = 0; r < down.outputs && !accumulates; ++r) {
      for (int64_t c = 0; c < across.outputs; ++c) {
        for (int64_t j = 0; j < channels; ++j) {
          at(sums, r * y_row() + c * y_col() + j) = has_bias ? at(bias, j) : 0;
        }
      }
    }
    for_each_seen([&](int64_t to, int64_t tap, int64_t from) {
      for (int64_t m = 0; m < depth; ++m) {
        for (int64_t j = 0; j < channels; ++j) {
          at(sums, to + j) +=
              at(x, from + m * channels + j) * at(w, tap * x_col() + m * channels + j);
        }
      }
    });
    return sums;
  }

  std::vector<int64_t> expected_dw(int64_t begin, int64_t end) const {
    std::vector<int64_t> sums = w;
    for_each_seen([&](int64_t to, int64_t tap, int64_t from) {
      for (int64_t j = 0; j < channels && tap >= begin && tap < end; ++j) {
        at(sums, tap * x_col() + j) += at(x, from + j) * at(y, to + j);
      }
    });
    return sums;
  }

  Draw draw_;

 public:
  TapAxis down, across;
  int64_t channels, depth, spread;
  bool has_bias, accumulates;
  std::vector<int64_t> x, w, bias, y;
};

}  // namespace cornu::inline v0::kernels
