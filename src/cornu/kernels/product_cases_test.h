#pragma once

// Products of every shape and layout, for the tests of product.

#include <gtest/gtest.h>

#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {

enum class Start { none, bias, other, y };

struct Case {
  int64_t rows, cols, depth;
  bool x_transposed, w_transposed;
  Start start;
  int64_t gap;     ///< elements between rows of x, w and y
  int64_t offset;  ///< elements by which the pointers are shifted
};

struct Operands {
  std::vector<float> x, w, start, y;
};

inline int64_t row_stride(int64_t cols, bool transposed, int64_t gap) {
  return transposed ? 1 : cols + gap;
}
inline int64_t col_stride(int64_t rows, bool transposed, int64_t gap) {
  return transposed ? rows + gap : 1;
}
inline int64_t room(int64_t rows, int64_t cols, bool transposed, int64_t gap) {
  return transposed ? cols * (rows + gap) : rows * (cols + gap);
}

template <class T>
ProductArgsOf<T> arguments(const Case& c) {
  return {.x = nullptr,
          .x_row = row_stride(c.depth, c.x_transposed, c.gap),
          .x_col = col_stride(c.rows, c.x_transposed, c.gap),
          .w = nullptr,
          .w_row = row_stride(c.cols, c.w_transposed, c.gap),
          .w_col = col_stride(c.depth, c.w_transposed, c.gap),
          .start = nullptr,
          .start_row = c.start == Start::bias ? 0 : c.cols + c.gap,
          .y = nullptr,
          .y_row = c.cols + c.gap,
          .rows = c.rows,
          .cols = c.cols,
          .depth = c.depth,
          .pack = nullptr};
}

/// Operands whose numbers come from make().
template <class Make>
Operands operands_of(const Case& c, const Make& make) {
  const auto many = [&make](int64_t size) {
    std::vector<float> values(static_cast<size_t>(size));
    for (float& value : values) value = make();
    return values;
  };
  return {many(room(c.rows, c.depth, c.x_transposed, c.gap)),
          many(room(c.depth, c.cols, c.w_transposed, c.gap)),
          many(c.rows * (c.cols + c.gap) + c.cols), many(c.rows * (c.cols + c.gap))};
}

constexpr int64_t kDims[] = {0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100};

inline Case draw_case(Draw& draw) {
  const auto dim = [&draw] { return kDims[draw.below(std::size(kDims))]; };
  Case c = {dim(),
            dim(),
            dim(),
            draw.below(2) == 1,
            draw.below(2) == 1,
            static_cast<Start>(draw.below(4)),
            draw.below(3) * 3,
            draw.below(4)};
  if (draw.below(8) == 0) c.depth = 250 + draw.below(600);  // more than a block
  return c;
}

inline std::string text(const Case& c) {
  return std::to_string(c.rows) + "x" + std::to_string(c.cols) + "x" + std::to_string(c.depth) +
         (c.x_transposed ? " x transposed" : "") + (c.w_transposed ? " w transposed" : "") +
         " start " + std::to_string(static_cast<int>(c.start)) + " gap " + std::to_string(c.gap);
}

}  // namespace cornu::inline v0::kernels
