#pragma once

// kernels/depthwise.h as plain loops.

#include <cmath>

#include "cornu/kernels/depthwise.h"

namespace cornu::inline v0::kernels {

template <class T>
struct DepthwiseReference {
  static void depthwise(const DepthwiseArgsOf<T>& a) {
    for (int64_t r = 0; r < a.down.outputs; ++r) {
      for (int64_t c = 0; c < a.across.outputs; ++c) {
        for (int64_t j = 0; j < a.channels; ++j) {
          const T start = a.start == nullptr ? 0 : a.start[r * a.start_row + c * a.start_col + j];
          a.y[r * a.y_row + c * a.y_col + j] = chain_of(a, r, c, j, start) + 0;
        }
      }
    }
  }

  static T chain_of(const DepthwiseArgsOf<T>& a, int64_t r, int64_t c, int64_t j, T chain) {
    for (int64_t i = 0; i < a.down.taps; ++i) {
      const int64_t row = a.down.position(r, i);
      if (!a.down.has(row)) continue;
      for (int64_t k = 0; k < a.across.taps; ++k) {
        const int64_t col = a.across.position(c, k);
        if (!a.across.has(col)) continue;
        const T* const x = a.x + row * a.x_row + col * a.x_col + j;
        const T* const w = a.w + i * a.w_row + k * a.w_col + j;
        for (int64_t m = 0; m < a.depth; ++m) {
          chain = std::fma(x[m * a.channels], w[m * a.channels], chain);
        }
      }
    }
    return chain;
  }

  static void depthwise_kernel(const DepthwiseKernelArgsOf<T>& a) {
    for (int64_t tap = a.begin; tap < a.end; ++tap) {
      for (int64_t j = 0; j < a.channels; ++j) {
        T& dw = a.dw[tap * a.dw_tap + j];
        dw = chain_of(a, tap, j, dw) + 0;
      }
    }
  }

  static T chain_of(const DepthwiseKernelArgsOf<T>& a, int64_t tap, int64_t j, T chain) {
    for (int64_t r = 0; r < a.down.outputs; ++r) {
      const int64_t row = a.down.position(r, tap / a.across.taps);
      if (!a.down.has(row)) continue;
      for (int64_t c = 0; c < a.across.outputs; ++c) {
        const int64_t col = a.across.position(c, tap % a.across.taps);
        if (!a.across.has(col)) continue;
        chain = std::fma(a.x[row * a.x_row + col * a.x_col + j],
                         a.dy[r * a.dy_row + c * a.dy_col + j], chain);
      }
    }
    return chain;
  }

  static constexpr DepthwiseKernelsOf<T> kKernels = {
      .depthwise = depthwise,
      .depthwise_kernel = depthwise_kernel,
  };
};

}  // namespace cornu::inline v0::kernels
