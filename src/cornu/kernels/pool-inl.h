// Compiled once per target. Lanes run along the channels; fewer than kFewestChannels take the plain
// loops of the reference.

#if defined(CORNU_KERNELS_POOL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_POOL_INL_H_
#undef CORNU_KERNELS_POOL_INL_H_
#else
#define CORNU_KERNELS_POOL_INL_H_
#endif

#include "cornu/kernels/pool_reference.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

constexpr int64_t kFewestChannels = 4;

/// Stores the first `count` lanes, small whole numbers, as integers.
template <class Place>
CORNU_INLINE void store_places(Vector value, Place* to, int64_t count) {
#ifndef CORNU_PORTABLE
  if (count == kLanes) {
    const auto whole = hn::ConvertTo(kIntegerTag, value);
    if constexpr (sizeof(Place) == 4) {
      return hn::StoreU(whole, kIntegerTag, to);
    } else {
      const hn::Rebind<uint8_t, Tag> bytes;
      return hn::StoreU(hn::DemoteTo(bytes, whole), bytes, to);
    }
  }
#endif
  float lanes[kLanes];
  store(value, lanes, kLanes);
  for (int64_t lane = 0; lane < count; ++lane) to[lane] = static_cast<Place>(lanes[lane]);
}

/// The first `count` of these integers as numbers.
template <class Place>
CORNU_INLINE Vector load_places(const Place* from, int64_t count) {
#ifndef CORNU_PORTABLE
  if (count == kLanes) {
    if constexpr (sizeof(Place) == 4) {
      return hn::ConvertTo(kTag, hn::LoadU(kIntegerTag, from));
    } else {
      const hn::Rebind<uint8_t, Tag> bytes;
      return hn::ConvertTo(kTag, hn::PromoteTo(kIntegerTag, hn::LoadU(bytes, from)));
    }
  }
#endif
  float lanes[kLanes] = {};
  for (int64_t lane = 0; lane < count; ++lane) lanes[lane] = static_cast<float>(from[lane]);
  return load(lanes, kLanes);
}

/// f(window, image, at) for each window: the image's first number, and the first of the output.
template <class F>
CORNU_INLINE void for_each_pool_window(const PoolShape& s, const F& f) {
  int64_t at = 0;
  for (int64_t image = 0; image < s.images; ++image) {
    for (int64_t r = 0; r < s.out_rows; ++r) {
      for (int64_t c = 0; c < s.out_cols; ++c) {
        f(PoolWindow(s, r, c), image * s.image_size(), at);
        at += s.channels;
      }
    }
  }
}

/// f(number, place in the image) for each position of a window.
template <class F>
CORNU_INLINE void for_each_pool_position(const PoolShape& s, const PoolWindow& w, const F& f) {
  int64_t line = w.first;
  for (int64_t r = w.row; r < w.end_row; ++r) {
    int64_t at = (r * s.cols + w.col) * s.channels;
    for (int64_t number = line; number < line + w.end_col - w.col; ++number) {
      f(number, at);
      at += s.channels;
    }
    line += s.width;
  }
}

/// Makes 0 of each image of dx to which windows are added, and says whether the first window of
/// a position may overwrite it instead.
CORNU_INLINE bool begin_pool_back(const PoolShape& s, float* dx, bool accumulate) {
  if (accumulate) return false;
  if (s.disjoint() && s.covers()) return true;
  for_each_vector(s.images * s.image_size(), [&](int64_t i, int64_t count) CORNU_LAMBDA {
    store(constant(0), dx + i, count);
  });
  return false;
}

/// The largest of a window, and its place, for `kVectors` vectors of channels from j on, of which
/// the last has `last` lanes. Several at once, as each comparison waits for the one before it.
template <bool kRemembers, int kVectors, class Place>
CORNU_INLINE void largest_of(const PoolShape& s, const PoolWindow& w, const float* image, int64_t j,
                             int64_t last, float* y, Place* places) {
  const auto lanes = [&](int c) { return c + 1 < kVectors ? kLanes : last; };
  const float* const corner = image + (w.row * s.cols + w.col) * s.channels + j;
  Vector most[kVectors];
  Vector place[kVectors];
  CORNU_UNROLL
  for (int c = 0; c < kVectors; ++c) {
    most[c] = load(corner + c * kLanes, lanes(c));
    place[c] = constant(static_cast<float>(w.first));
  }
  for_each_pool_position(s, w, [&](int64_t number, int64_t i) CORNU_LAMBDA {
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) {
      const Vector x = load(image + i + j + c * kLanes, lanes(c));
      const auto is_more = hn::Or(hn::Gt(x, most[c]), hn::Not(hn::Eq(x, x)));
      most[c] = hn::IfThenElse(is_more, x, most[c]);
      if constexpr (kRemembers) {
        place[c] = hn::IfThenElse(is_more, constant(static_cast<float>(number)), place[c]);
      }
    }
  });
  CORNU_UNROLL
  for (int c = 0; c < kVectors; ++c) {
    store(hn::Add(most[c], constant(0)), y + j + c * kLanes, lanes(c));
    if constexpr (kRemembers) store_places(place[c], places + j + c * kLanes, lanes(c));
  }
}

template <bool kRemembers, class Place>
CORNU_INLINE void max_pool_to(const MaxPoolArgsOf<float>& a, Place* places) {
  const PoolShape s = a.shape;
  for_each_pool_window(s, [&](const PoolWindow& w, int64_t image, int64_t at) CORNU_LAMBDA {
    const float* const x = a.x + image;
    float* const y = a.y + at;
    Place* const to = kRemembers ? places + at : nullptr;
    int64_t j = 0;
    for (; j + 4 * kLanes <= s.channels; j += 4 * kLanes) {
      largest_of<kRemembers, 4>(s, w, x, j, kLanes, y, to);
    }
    for (; j + 2 * kLanes <= s.channels; j += 2 * kLanes) {
      largest_of<kRemembers, 2>(s, w, x, j, kLanes, y, to);
    }
    for (; j < s.channels; j += kLanes) {
      const int64_t left = s.channels - j;
      largest_of<kRemembers, 1>(s, w, x, j, left < kLanes ? left : kLanes, y, to);
    }
  });
}

inline void max_pool(const MaxPoolArgsOf<float>& a) {
  if (a.shape.channels < kFewestChannels) return PoolReference<float>::max_pool(a);
  if (a.places != nullptr) return max_pool_to<true>(a, a.places);
  if (a.bytes != nullptr) return max_pool_to<true>(a, a.bytes);
  max_pool_to<false>(a, a.bytes);
}

template <class Place>
CORNU_INLINE void max_pool_back_from(const MaxPoolBackArgsOf<float>& a, const Place* places) {
  const PoolShape s = a.shape;
  const bool overwrites = begin_pool_back(s, a.dx, a.accumulate);
  for_each_pool_window(s, [&](const PoolWindow& w, int64_t image, int64_t at) CORNU_LAMBDA {
    for_each_vector(s.channels, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      const Vector dy = load(a.dy + at + j, count);
      const Vector place = load_places(places + at + j, count);
      for_each_pool_position(s, w, [&](int64_t number, int64_t i) CORNU_LAMBDA {
        float* const dx = a.dx + image + i + j;
        const auto is_there = hn::Eq(place, constant(static_cast<float>(number)));
        const Vector start = overwrites ? constant(0) : load(dx, count);
        store(hn::Add(start, hn::IfThenElse(is_there, dy, constant(0))), dx, count);
      });
    });
  });
}

inline void max_pool_back(const MaxPoolBackArgsOf<float>& a) {
  if (a.shape.channels < kFewestChannels) return PoolReference<float>::max_pool_back(a);
  if (a.places != nullptr) return max_pool_back_from(a, a.places);
  max_pool_back_from(a, a.bytes);
}

inline void average_pool(const AveragePoolArgsOf<float>& a) {
  if (a.shape.channels < kFewestChannels) return PoolReference<float>::average_pool(a);
  const PoolShape s = a.shape;
  for_each_pool_window(s, [&](const PoolWindow& w, int64_t image, int64_t at) CORNU_LAMBDA {
    const Vector share = constant(a.mean ? 1 / static_cast<float>(w.size()) : 1);
    for_each_vector(s.channels, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      Vector sum = constant(0);
      for_each_pool_position(s, w, [&](int64_t, int64_t i) CORNU_LAMBDA {
        sum = hn::Add(sum, load(a.x + image + i + j, count));
      });
      assign_or_add(hn::Mul(sum, share), a.y + at + j, count, a.accumulate);
    });
  });
}

inline void average_pool_back(const AveragePoolBackArgsOf<float>& a) {
  if (a.shape.channels < kFewestChannels) return PoolReference<float>::average_pool_back(a);
  const PoolShape s = a.shape;
  const bool overwrites = begin_pool_back(s, a.dx, a.accumulate);
  for_each_pool_window(s, [&](const PoolWindow& w, int64_t image, int64_t at) CORNU_LAMBDA {
    const Vector share = constant(a.mean ? 1 / static_cast<float>(w.size()) : 1);
    for_each_vector(s.channels, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      const Vector each = hn::Mul(load(a.dy + at + j, count), share);
      for_each_pool_position(s, w, [&](int64_t, int64_t i) CORNU_LAMBDA {
        float* const dx = a.dx + image + i + j;
        store(hn::Add(overwrites ? constant(0) : load(dx, count), each), dx, count);
      });
    });
  });
}

constexpr PoolKernelsOf<float> kPoolKernels = {
    .max_pool = max_pool,
    .max_pool_back = max_pool_back,
    .average_pool = average_pool,
    .average_pool_back = average_pool_back,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_POOL_INL_H_
