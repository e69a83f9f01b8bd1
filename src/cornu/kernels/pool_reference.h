#pragma once

// kernels/pool.h as plain loops.

#include <algorithm>

#include "cornu/kernels/pool.h"

namespace cornu::inline v0::kernels {

template <class T>
struct PoolReference {
  /// f(window, at, channel) for each number of the output; `at` is its place there.
  template <class F>
  static void for_each(const PoolShape& s, const F& f) {
    int64_t at = 0;
    for (int64_t image = 0; image < s.images; ++image) {
      for (int64_t r = 0; r < s.out_rows; ++r) {
        for (int64_t c = 0; c < s.out_cols; ++c) {
          const PoolWindow window(s, r, c);
          for (int64_t j = 0; j < s.channels; ++j) f(window, at++, image * s.image_size() + j);
        }
      }
    }
  }

  /// f(number, place in the images) for each position of a window; `channel` as for_each gives it.
  template <class F>
  static void for_each_position(const PoolShape& s, const PoolWindow& w, int64_t channel,
                                const F& f) {
    for (int64_t r = w.row; r < w.end_row; ++r) {
      for (int64_t c = w.col; c < w.end_col; ++c) {
        f(w.first + (r - w.row) * s.width + (c - w.col), channel + (r * s.cols + c) * s.channels);
      }
    }
  }

  static void max_pool(const MaxPoolArgsOf<T>& a) {
    const auto read = [&](int64_t i) { return a.rectifies && a.x[i] <= 0 ? T{0} : a.x[i]; };
    for_each(a.shape, [&](const PoolWindow& w, int64_t at, int64_t channel) {
      int64_t place = w.first;
      T most = read(channel + (w.row * a.shape.cols + w.col) * a.shape.channels);
      for_each_position(a.shape, w, channel, [&](int64_t number, int64_t i) {
        const T x = read(i);
        if (!(x > most || x != x)) return;
        most = x;
        place = number;
      });
      // Compilers may make the choice a maximum, which flushes a denormal; + 0 always does.
      a.y[at] = most + 0;
      if (a.bytes != nullptr) a.bytes[at] = static_cast<uint8_t>(place);
      if (a.places != nullptr) a.places[at] = static_cast<int32_t>(place);
    });
  }

  static void max_pool_back(const MaxPoolBackArgsOf<T>& a) {
    if (!a.accumulate) std::fill_n(a.dx, a.shape.images * a.shape.image_size(), T{0});
    for_each(a.shape, [&](const PoolWindow& w, int64_t at, int64_t channel) {
      const int64_t place = a.bytes != nullptr ? a.bytes[at] : a.places[at];
      for_each_position(a.shape, w, channel, [&](int64_t number, int64_t i) {
        a.dx[i] = a.dx[i] + (number == place ? a.dy[at] : T{0});
      });
    });
  }

  static void average_pool(const AveragePoolArgsOf<T>& a) {
    for_each(a.shape, [&](const PoolWindow& w, int64_t at, int64_t channel) {
      T sum = 0;
      for_each_position(a.shape, w, channel, [&](int64_t, int64_t i) { sum = sum + a.x[i]; });
      const T y = sum * (a.mean ? T{1} / static_cast<T>(w.size()) : T{1});
      a.y[at] = a.accumulate ? a.y[at] + y : y;
    });
  }

  static void average_pool_back(const AveragePoolBackArgsOf<T>& a) {
    if (!a.accumulate) std::fill_n(a.dx, a.shape.images * a.shape.image_size(), T{0});
    for_each(a.shape, [&](const PoolWindow& w, int64_t at, int64_t channel) {
      const T each = a.dy[at] * (a.mean ? T{1} / static_cast<T>(w.size()) : T{1});
      for_each_position(a.shape, w, channel, [&](int64_t, int64_t i) { a.dx[i] = a.dx[i] + each; });
    });
  }

  static constexpr PoolKernelsOf<T> kKernels = {
      .max_pool = max_pool,
      .max_pool_back = max_pool_back,
      .average_pool = average_pool,
      .average_pool_back = average_pool_back,
  };
};

}  // namespace cornu::inline v0::kernels
