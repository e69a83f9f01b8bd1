#pragma once

#include <algorithm>
#include <cstdint>

namespace cornu::inline v0::kernels {

// Kernels on one image of positions with some numbers each, its channels, side by side. A small
// kernel, whose elements are called taps, slides over it, and each channel is summed for itself.

/// An axis of an image that taps slide along: through tap i, output t reads position first + t ·
/// step + i · apart, if the image has it.
struct TapAxis {
  int64_t extent;  ///< positions of the image
  int64_t outputs;
  int64_t first, step;  ///< the position of output 0 through tap 0, and from one output to the next
  int64_t taps, apart;  ///< positions from one tap to the next, which may be below 0

  int64_t position(int64_t output, int64_t tap) const {
    return first + output * step + tap * apart;
  }
  bool has(int64_t position) const { return position >= 0 && position < extent; }
  /// The outputs from `begin` to before `end` have every tap inside the image.
  int64_t begin_inside() const {
    const int64_t least = first + std::min<int64_t>((taps - 1) * apart, 0);
    return std::min(least < 0 ? (-least + step - 1) / step : 0, outputs);
  }
  int64_t end_inside() const {
    const int64_t room = extent - 1 - first - std::max<int64_t>((taps - 1) * apart, 0);
    return room < 0 ? 0 : std::min(room / step + 1, outputs);
  }
};

/// y[r, c, j] = start + Σ x[position, m, j] · w[tap, m, j] + 0: one fma chain for each output, taps
/// row by row, m from 0 to before `depth` within each. Taps outside the image are left out. Strides
/// count numbers; those of x and w from one m to the next are `channels`.
template <class T>
struct DepthwiseArgsOf {
  TapAxis down, across;
  const T* x;
  int64_t x_row, x_col;
  const T* w;
  int64_t w_row, w_col;
  const T* start;                ///< null: 0; may be y itself
  int64_t start_row, start_col;  ///< 0: one value for each channel, as a bias
  T* y;
  int64_t y_row, y_col;
  int64_t channels;
  int64_t depth;
};

/// dw[tap, j] = dw[tap, j] + Σ x[position, j] · dy[r, c, j] + 0 for the taps from `begin` to before
/// `end`, counted row by row: one fma chain each, outputs row by row.
template <class T>
struct DepthwiseKernelArgsOf {
  TapAxis down, across;
  const T* x;
  int64_t x_row, x_col;
  const T* dy;
  int64_t dy_row, dy_col;
  T* dw;           ///< tap 0
  int64_t dw_tap;  ///< numbers from a tap to the next
  int64_t begin, end;
  int64_t channels;
};

/// Depthwise convolutions.
template <class T>
struct DepthwiseKernelsOf {
  void (*depthwise)(const DepthwiseArgsOf<T>&);
  void (*depthwise_kernel)(const DepthwiseKernelArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
