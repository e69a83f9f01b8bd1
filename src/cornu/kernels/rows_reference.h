#pragma once

// Reductions along a row and the clip, as plain loops.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace cornu::inline v0::kernels {

template <class T>
struct RowsReference {
  using Lanes = std::array<T, 16>;

  static void put(T& to, T value, bool accumulate) { to = accumulate ? to + value : value; }

  /// Applies step(lane, j) to lane j mod 16, j ascending, then folds the lanes 8-4-2-1.
  template <class Step>
  static T sum(int64_t cols, const Step& step) {
    Lanes lanes{};
    for (int64_t j = 0; j < cols; ++j) {
      T& lane = lanes[static_cast<size_t>(j % 16)];
      lane = step(lane, j);
    }
    for (size_t half = 8; half > 0; half /= 2) {
      for (size_t i = 0; i < half; ++i) lanes[i] = lanes[i] + lanes[i + half];
    }
    return lanes[0];
  }

  /// The largest value(j), NaN ignored.
  template <class Value>
  static T largest_of(int64_t cols, const Value& value) {
    T most = -std::numeric_limits<T>::infinity();
    for (int64_t j = 0; j < cols; ++j) most = value(j) > most ? value(j) : most;
    return most;
  }
  static T largest(const T* row, int64_t cols) {
    return largest_of(cols, [row](int64_t j) { return row[j]; });
  }

  static constexpr T kClipLow = static_cast<T>(1e-7L);
  static constexpr T kClipHigh = 1 - kClipLow;

  static T clip_below(T p) { return p < kClipLow ? kClipLow : p; }
  static T clip(T p, T high = kClipHigh) {
    p = clip_below(p);
    return p > high ? high : p;
  }
  static bool outside_clip(T p, T high = kClipHigh) { return p < kClipLow || p > high; }
};

}  // namespace cornu::inline v0::kernels
