#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

// Kernels on images of rows × cols positions with `channels` numbers each, the channels side by
// side. A window of height × width positions slides over them: window (r, c) begins at position
// (r·down − top, c·right − left), and only its positions inside the image count, at least one.
// They are numbered row by row, from 0 at the window's corner, also outside the image.

struct PoolShape {
  int64_t images;
  int64_t rows, cols, channels;  ///< of an image
  int64_t height, width;         ///< of the window
  int64_t down, right;           ///< positions from one window to the next
  int64_t top, left;             ///< positions of the first window outside the image
  int64_t out_rows, out_cols;    ///< windows

  int64_t image_size() const { return rows * cols * channels; }
  int64_t out_size() const { return out_rows * out_cols * channels; }
  /// Whether no position is in two windows.
  bool disjoint() const { return height <= down && width <= right; }
  /// Whether every position is in a window.
  bool covers() const {
    return height >= down && width >= right && (out_rows - 1) * down - top + height >= rows &&
           (out_cols - 1) * right - left + width >= cols;
  }
};

/// The positions of one window that are inside the image.
struct PoolWindow {
  int64_t row, end_row, col, end_col;
  int64_t first;  ///< the number of position (row, col)

  PoolWindow(const PoolShape& s, int64_t out_row, int64_t out_col) {
    const int64_t above = out_row * s.down - s.top;
    const int64_t before = out_col * s.right - s.left;
    row = above < 0 ? 0 : above;
    col = before < 0 ? 0 : before;
    end_row = above + s.height < s.rows ? above + s.height : s.rows;
    end_col = before + s.width < s.cols ? before + s.width : s.cols;
    first = (row - above) * s.width + (col - before);
  }
  int64_t size() const { return (end_row - row) * (end_col - col); }
};

/// y = the largest x of each window + 0, or NaN if it has one. Its place is the number of the first
/// position that has it (of the last NaN), written to `bytes` or `places` if not null.
template <class T>
struct MaxPoolArgsOf {
  PoolShape shape;
  const T* x;
  T* y;
  uint8_t* bytes;
  int32_t* places;
  bool rectifies = false;  ///< x stands for relu(x)
};

/// dx[i] = start + Σ over the windows of position i, row by row: dy where its place is i's number,
/// else 0. The start is dx[i] if `accumulate`, else 0. One of `bytes` and `places` is null.
template <class T>
struct MaxPoolBackArgsOf {
  PoolShape shape;
  const T* dy;
  const uint8_t* bytes;
  const int32_t* places;
  T* dx;
  bool accumulate;
};

/// y = (0 + Σ x of each window, row by row) · 1/n, n the number of its positions, or 1 unless
/// `mean`. Adds to y if `accumulate`, else overwrites it.
template <class T>
struct AveragePoolArgsOf {
  PoolShape shape;
  const T* x;
  T* y;
  bool mean;
  bool accumulate;
};

/// dx[i] = start + Σ dy · 1/n over the windows of position i, row by row; start and n as above.
template <class T>
struct AveragePoolBackArgsOf {
  PoolShape shape;
  const T* dy;
  T* dx;
  bool mean;
  bool accumulate;
};

/// Pooling and its gradients.
template <class T>
struct PoolKernelsOf {
  void (*max_pool)(const MaxPoolArgsOf<T>&);
  void (*max_pool_back)(const MaxPoolBackArgsOf<T>&);
  void (*average_pool)(const AveragePoolArgsOf<T>&);
  void (*average_pool_back)(const AveragePoolBackArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
