// Compiled once per target. Lanes run along the channels.

#if defined(CORNU_KERNELS_DEPTHWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_DEPTHWISE_INL_H_
#undef CORNU_KERNELS_DEPTHWISE_INL_H_
#else
#define CORNU_KERNELS_DEPTHWISE_INL_H_
#endif

#include <algorithm>
#include <type_traits>

#include "cornu/kernels/depthwise.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

// The outputs that share a load of w, and the taps and vectors that are summed at once for the
// kernel's gradient: their sums stay in registers, and eight or more hide the latency of an fma.
#if defined(CORNU_PORTABLE)
constexpr int kDepthwisePlaces = 2;
constexpr int kDepthwiseTaps = 2;
constexpr int kDepthwiseVectors = 1;
#elif HWY_TARGET == HWY_AVX2
constexpr int kDepthwisePlaces = 8;
constexpr int kDepthwiseTaps = 4;
constexpr int kDepthwiseVectors = 2;
#else
constexpr int kDepthwisePlaces = 8;
constexpr int kDepthwiseTaps = 4;
constexpr int kDepthwiseVectors = 4;
#endif

/// Some taps that outputs read, in order: how far the numbers of each lie from those of the first
/// output and from w.
struct TapList {
  static constexpr int64_t kMost = 64;
  int64_t count = 0;
  int64_t x[kMost], w[kMost];
};

/// f(list, is_first) for the taps of output (r, c) that are inside the image, at least once; they
/// are those of its neighbours too where all are inside.
template <class F>
CORNU_INLINE void for_each_tap_list(const DepthwiseArgsOf<float>& a, int64_t r, int64_t c,
                                    const F& f) {
  TapList list;
  bool is_first = true;
  for (int64_t i = 0; i < a.down.taps; ++i) {
    const int64_t row = a.down.position(r, i);
    if (!a.down.has(row)) continue;
    for (int64_t k = 0; k < a.across.taps; ++k) {
      const int64_t col = a.across.position(c, k);
      if (!a.across.has(col)) continue;
      for (int64_t m = 0; m < a.depth; ++m) {
        if (list.count == TapList::kMost) {
          f(list, is_first);
          is_first = false;
          list.count = 0;
        }
        list.x[list.count] = row * a.x_row + col * a.x_col + m * a.channels;
        list.w[list.count++] = i * a.w_row + k * a.w_col + m * a.channels;
      }
    }
  }
  f(list, is_first);
}

/// kPlaces outputs from `y` on, `count` channels of each; x begins `next` numbers later for each.
template <int kPlaces>
CORNU_INLINE void sum_taps(const TapList& list, const float* x, int64_t next, const float* w,
                           const float* start, int64_t start_col, float* y, int64_t y_col,
                           int64_t count) {
  Vector sums[kPlaces];
  CORNU_UNROLL
  for (int q = 0; q < kPlaces; ++q) {
    sums[q] = start == nullptr ? constant(0) : load(start + q * start_col, count);
  }
  for (int64_t tap = 0; tap < list.count; ++tap) {
    const Vector factor = load(w + list.w[tap], count);
    const float* const seen = x + list.x[tap];
    CORNU_UNROLL
    for (int q = 0; q < kPlaces; ++q) {
      sums[q] = multiply_add(load(seen + q * next, count), factor, sums[q]);
    }
  }
  CORNU_UNROLL
  for (int q = 0; q < kPlaces; ++q) store(hn::Add(sums[q], constant(0)), y + q * y_col, count);
}

/// Outputs (r, c) … (r, end − 1) for one list of taps, which is that of output (r, first).
template <int kPlaces>
void depthwise_line(const DepthwiseArgsOf<float>& a, const TapList& list, bool is_first, int64_t r,
                    int64_t c, int64_t end, int64_t first) {
  const int64_t next = a.across.step * a.x_col;
  const int64_t start_row = is_first ? a.start_row : a.y_row;
  const int64_t start_col = is_first ? a.start_col : a.y_col;
  for (; c + kPlaces <= end; c += kPlaces) {
    const float* const x = a.x + (c - first) * next;
    float* const y = a.y + r * a.y_row + c * a.y_col;
    const float* const begin = is_first ? a.start : a.y;
    const float* const start = begin == nullptr ? nullptr : begin + r * start_row + c * start_col;
    for_each_vector(a.channels, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      sum_taps<kPlaces>(list, x + j, next, a.w + j, start == nullptr ? nullptr : start + j,
                        start_col, y + j, a.y_col, count);
    });
  }
  if constexpr (kPlaces > 1) depthwise_line<kPlaces / 2>(a, list, is_first, r, c, end, first);
}

inline void depthwise(const DepthwiseArgsOf<float>& a) {
  const int64_t begin = a.across.begin_inside();
  const int64_t end = std::max(a.across.end_inside(), begin);
  for (int64_t r = 0; r < a.down.outputs; ++r) {
    const auto run = [&]<int kPlaces>(std::integral_constant<int, kPlaces>, int64_t c,
                                      int64_t last) CORNU_LAMBDA {
      for_each_tap_list(a, r, c, [&](const TapList& list, bool is_first) CORNU_LAMBDA {
        depthwise_line<kPlaces>(a, list, is_first, r, c, last, c);
      });
    };
    using One = std::integral_constant<int, 1>;
    for (int64_t c = 0; c < begin; ++c) run(One(), c, c + 1);
    if (begin < end) run(std::integral_constant<int, kDepthwisePlaces>(), begin, end);
    for (int64_t c = end; c < a.across.outputs; ++c) run(One(), c, c + 1);
  }
}

/// The gradient of taps (i, k) … (i, k + kTaps − 1), for channels that fill kVectors vectors from j
/// on; the last has `last` of them.
template <int kTaps, int kVectors>
CORNU_INLINE void sum_gradients(const DepthwiseKernelArgsOf<float>& a, int64_t i, int64_t k,
                                int64_t j, int64_t last) {
  const auto size = [&](int v) CORNU_LAMBDA { return v + 1 < kVectors ? kLanes : last; };
  float* const dw = a.dw + (i * a.across.taps + k) * a.dw_tap + j;
  Vector sums[kTaps][kVectors];
  CORNU_UNROLL
  for (int t = 0; t < kTaps; ++t) {
    CORNU_UNROLL
    for (int v = 0; v < kVectors; ++v) sums[t][v] = load(dw + t * a.dw_tap + v * kLanes, size(v));
  }
  const auto add = [&](const float* x, const Vector* factors, int t) CORNU_LAMBDA {
    CORNU_UNROLL
    for (int v = 0; v < kVectors; ++v) {
      sums[t][v] = multiply_add(load(x + v * kLanes, size(v)), factors[v], sums[t][v]);
    }
  };
  const auto load_factors = [&](const float* dy, Vector* factors) CORNU_LAMBDA {
    CORNU_UNROLL
    for (int v = 0; v < kVectors; ++v) factors[v] = load(dy + v * kLanes, size(v));
  };
  const int64_t begin = a.across.begin_inside();
  const int64_t end = std::max(a.across.end_inside(), begin);
  const int64_t next = a.across.step * a.x_col;
  const int64_t apart = a.across.apart * a.x_col;
  for (int64_t r = 0; r < a.down.outputs; ++r) {
    const int64_t row = a.down.position(r, i);
    if (!a.down.has(row)) continue;
    const float* const line = a.x + row * a.x_row + j;
    const float* const dy_line = a.dy + r * a.dy_row + j;
    const auto add_at_edge = [&](int64_t c) CORNU_LAMBDA {
      Vector factors[kVectors];
      load_factors(dy_line + c * a.dy_col, factors);
      CORNU_UNROLL
      for (int t = 0; t < kTaps; ++t) {
        const int64_t col = a.across.position(c, k + t);
        if (a.across.has(col)) add(line + col * a.x_col, factors, t);
      }
    };
    for (int64_t c = 0; c < begin; ++c) add_at_edge(c);
    const float* x = line + a.across.position(begin, k) * a.x_col;
    const float* dy = dy_line + begin * a.dy_col;
    for (int64_t c = begin; c < end; ++c) {
      Vector factors[kVectors];
      load_factors(dy, factors);
      CORNU_UNROLL
      for (int t = 0; t < kTaps; ++t) add(x + t * apart, factors, t);
      x += next;
      dy += a.dy_col;
    }
    for (int64_t c = end; c < a.across.outputs; ++c) add_at_edge(c);
  }
  CORNU_UNROLL
  for (int t = 0; t < kTaps; ++t) {
    CORNU_UNROLL
    for (int v = 0; v < kVectors; ++v) {
      store(hn::Add(sums[t][v], constant(0)), dw + t * a.dw_tap + v * kLanes, size(v));
    }
  }
}

/// Some taps of one line of the kernel, for all channels.
template <int kTaps>
void tap_gradients(const DepthwiseKernelArgsOf<float>& a, int64_t i, int64_t k) {
  int64_t j = 0;
  const auto run = [&]<int kVectors>(std::integral_constant<int, kVectors>) CORNU_LAMBDA {
    constexpr int64_t kWide = kVectors * kLanes;
    for (; j + kWide <= a.channels; j += kWide) sum_gradients<kTaps, kVectors>(a, i, k, j, kLanes);
  };
  if constexpr (kDepthwiseVectors > 2) run(std::integral_constant<int, kDepthwiseVectors>());
  if constexpr (kDepthwiseVectors > 1) run(std::integral_constant<int, 2>());
  run(std::integral_constant<int, 1>());
  if (j < a.channels) sum_gradients<kTaps, 1>(a, i, k, j, a.channels - j);
}

/// The first `taps` from (i, k) on, kTaps at once and then fewer.
template <int kTaps>
void line_of_taps(const DepthwiseKernelArgsOf<float>& a, int64_t i, int64_t k, int64_t taps) {
  for (; taps >= kTaps; taps -= kTaps, k += kTaps) tap_gradients<kTaps>(a, i, k);
  if constexpr (kTaps > 1) line_of_taps<kTaps - 1>(a, i, k, taps);
}

inline void depthwise_kernel(const DepthwiseKernelArgsOf<float>& a) {
  const int64_t width = a.across.taps;
  for (int64_t tap = a.begin; tap < a.end;) {
    const int64_t k = tap % width;
    const int64_t taps = std::min(width - k, a.end - tap);
    line_of_taps<kDepthwiseTaps>(a, tap / width, k, taps);
    tap += taps;
  }
}

constexpr DepthwiseKernelsOf<float> kDepthwiseKernels = {
    .depthwise = depthwise,
    .depthwise_kernel = depthwise_kernel,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_DEPTHWISE_INL_H_
