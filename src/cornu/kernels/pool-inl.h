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

/// The positions of windows of 2 × 2 inside the image, which most are: the first of a window, then
/// `right`, `below` and `diagonal` numbers from there.
class FourPositions {
 public:
  CORNU_INLINE explicit FourPositions(const PoolShape& s)
      : right(s.channels), below(s.cols * s.channels), diagonal(below + right) {}

  /// Whether all windows have them.
  static CORNU_INLINE bool fit(const PoolShape& s) {
    return s.height == 2 && s.width == 2 && s.top == 0 && s.left == 0 &&
           (s.out_rows - 1) * s.down + 2 <= s.rows && (s.out_cols - 1) * s.right + 2 <= s.cols;
  }

  const int64_t right, below, diagonal;
};

/// A vector of channels, from j on, of each window of a row: where in x the first begins, and in y.
struct PoolRow {
  int64_t image, row, j, count;
  int64_t from, to;
};

template <class F>
CORNU_INLINE void for_each_pool_row(const PoolShape& s, const F& f) {
  for (int64_t image = 0; image < s.images; ++image) {
    for (int64_t row = 0; row < s.out_rows; ++row) {
      const int64_t from = image * s.image_size() + row * s.down * s.cols * s.channels;
      const int64_t to = (image * s.out_rows + row) * s.out_cols * s.channels;
      for_each_vector(s.channels, [&](int64_t j, int64_t count) CORNU_LAMBDA {
        f(PoolRow{image, row, j, count, from + j, to + j});
      });
    }
  }
}

/// f(from, to, count) for a vector of channels of each window, `from` where it begins in x and `to`
/// in y.
template <class F>
CORNU_INLINE void for_each_four(const PoolShape& s, const F& f) {
  for_each_pool_row(s, [&](const PoolRow& row) CORNU_LAMBDA {
    for (int64_t c = 0; c < s.out_cols; ++c) {
      f(row.from + c * s.right * s.channels, row.to + c * s.channels, row.count);
    }
  });
}

/// Makes 0 of an image of dx where windows add to it or leave numbers out, and says whether they
/// may overwrite it.
CORNU_INLINE bool begin_pool_back(const PoolShape& s, float* dx, bool accumulate) {
  if (accumulate) return false;
  if (s.disjoint() && s.covers()) return true;
  for_each_vector(s.image_size(), [&](int64_t i, int64_t count)
                                      CORNU_LAMBDA { store(constant(0), dx + i, count); });
  return s.disjoint();
}

/// f(shape, image, at) image by image: its first number, and the first of the output.
template <class F>
CORNU_INLINE void for_each_pool_image(const PoolShape& all, const F& f) {
  PoolShape one = all;
  one.images = 1;
  for (int64_t image = 0; image < all.images; ++image) {
    f(one, image * all.image_size(), image * all.out_size());
  }
}

/// Stores the largest of a window, and its place, or those of relu(x).
template <bool kRemembers, class Place>
CORNU_INLINE void store_largest(Vector most, Vector place, Vector first_place, bool rectifies,
                                float* y, Place* places, int64_t count) {
  if (rectifies) {
    const auto is_flat = hn::Le(most, constant(0));
    most = hn::IfThenElse(is_flat, constant(0), most);
    place = hn::IfThenElse(is_flat, first_place, place);
  }
  store(hn::Add(most, constant(0)), y, count);
  if constexpr (kRemembers) store_places(place, places, count);
}

/// The largest of a window, and its place, for `kVectors` vectors of channels from j on, of which
/// the last has `last` lanes. Several at once, as each comparison waits for the one before it.
template <bool kRemembers, int kVectors, class Place>
CORNU_INLINE void largest_of(const PoolShape& s, const PoolWindow& w, const float* image, int64_t j,
                             int64_t last, bool rectifies, float* y, Place* places) {
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
    store_largest<kRemembers>(most[c], place[c], constant(static_cast<float>(w.first)), rectifies,
                              y + j + c * kLanes, places + j + c * kLanes, lanes(c));
  }
}

/// The same for a row of windows of four positions, or false where a number may be NaN.
template <bool kRemembers, class Place>
CORNU_INLINE bool largest_of_row(const MaxPoolArgsOf<float>& a, const FourPositions& at,
                                 const PoolRow& row, Place* places) {
  const FirstLanes first(row.count);
  const int64_t step = a.shape.right * a.shape.channels;
  const int64_t channels = a.shape.channels;
  const int64_t right = at.right, below = at.below, diagonal = at.diagonal;
  const int64_t count = row.count;
  const bool rectifies = a.rectifies;
  const float* x = a.x + row.from;
  float* y = a.y + row.to;
  float* const end = y + a.shape.out_cols * channels;
  if constexpr (kRemembers) places += row.to;
  Vector sums = constant(0);  // NaN if a number is
  for (; y != end; y += channels, x += step) {
    const Vector x0 = first(x);
    const Vector x1 = first(x + right);
    const Vector x2 = first(x + below);
    const Vector x3 = first(x + diagonal);
    sums = hn::Add(sums, hn::Add(hn::Add(x0, x1), hn::Add(x2, x3)));
    const Vector most = hn::Max(hn::Max(x0, x1), hn::Max(x2, x3));
    Vector place = constant(0);
    if constexpr (kRemembers) {
      place = hn::IfThenElse(hn::Eq(x2, most), constant(2), constant(3));
      place = hn::IfThenElse(hn::Eq(x1, most), constant(1), place);
      place = hn::IfThenElse(hn::Eq(x0, most), constant(0), place);
    }
    store_largest<kRemembers>(most, place, constant(0), rectifies, y, places, count);
    if constexpr (kRemembers) places += channels;
  }
  return hn::AllTrue(kTag, hn::Eq(sums, sums));
}

template <bool kRemembers, class Place>
CORNU_INLINE void max_pool_to(const MaxPoolArgsOf<float>& a, Place* places) {
  const PoolShape s = a.shape;
  if (FourPositions::fit(s)) {
    const FourPositions four(s);
    return for_each_pool_row(s, [&](const PoolRow& row) CORNU_LAMBDA {
      if (largest_of_row<kRemembers>(a, four, row, places)) return;
      for (int64_t c = 0; c < s.out_cols; ++c) {
        const int64_t to = row.to - row.j + c * s.channels;
        largest_of<kRemembers, 1>(s, PoolWindow(s, row.row, c), a.x + row.image * s.image_size(),
                                  row.j, row.count, a.rectifies, a.y + to,
                                  kRemembers ? places + to : nullptr);
      }
    });
  }
  for_each_pool_window(s, [&](const PoolWindow& w, int64_t image, int64_t at) CORNU_LAMBDA {
    const float* const x = a.x + image;
    float* const y = a.y + at;
    Place* const to = kRemembers ? places + at : nullptr;
    int64_t j = 0;
    for (; j + 4 * kLanes <= s.channels; j += 4 * kLanes) {
      largest_of<kRemembers, 4>(s, w, x, j, kLanes, a.rectifies, y, to);
    }
    for (; j + 2 * kLanes <= s.channels; j += 2 * kLanes) {
      largest_of<kRemembers, 2>(s, w, x, j, kLanes, a.rectifies, y, to);
    }
    for (; j < s.channels; j += kLanes) {
      const int64_t left = s.channels - j;
      largest_of<kRemembers, 1>(s, w, x, j, left < kLanes ? left : kLanes, a.rectifies, y, to);
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
CORNU_INLINE void max_pool_back_from(const MaxPoolBackArgsOf<float>& a, const Place* all_places) {
  for_each_pool_image(a.shape, [&](const PoolShape& s, int64_t image, int64_t first) CORNU_LAMBDA {
    float* const all = a.dx + image;
    const float* const gradients = a.dy + first;
    const Place* const places = all_places + first;
    const bool overwrites = begin_pool_back(s, all, a.accumulate);
    const auto add = [&](Vector dy, Vector place, int64_t number, float* dx,
                         int64_t count) CORNU_LAMBDA {
      const auto is_there = hn::Eq(place, constant(static_cast<float>(number)));
      const Vector start = overwrites ? constant(0) : load(dx, count);
      store(hn::Add(start, hn::IfThenElse(is_there, dy, constant(0))), dx, count);
    };
    if (FourPositions::fit(s)) {
      const FourPositions four(s);
      return for_each_four(s, [&](int64_t from, int64_t to, int64_t count) CORNU_LAMBDA {
        const Vector dy = load(gradients + to, count);
        const Vector place = load_places(places + to, count);
        float* const dx = all + from;
        add(dy, place, 0, dx, count);
        add(dy, place, 1, dx + four.right, count);
        add(dy, place, 2, dx + four.below, count);
        add(dy, place, 3, dx + four.diagonal, count);
      });
    }
    for_each_pool_window(s, [&](const PoolWindow& w, int64_t, int64_t at) CORNU_LAMBDA {
      for_each_vector(s.channels, [&](int64_t j, int64_t count) CORNU_LAMBDA {
        const Vector dy = load(gradients + at + j, count);
        const Vector place = load_places(places + at + j, count);
        for_each_pool_position(s, w, [&](int64_t number, int64_t i) CORNU_LAMBDA {
          add(dy, place, number, all + i + j, count);
        });
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
  const auto finish = [&](Vector sum, int64_t positions, int64_t to, int64_t count) CORNU_LAMBDA {
    const Vector share = constant(a.mean ? 1 / static_cast<float>(positions) : 1);
    assign_or_add(hn::Mul(sum, share), a.y + to, count, a.accumulate);
  };
  if (FourPositions::fit(s)) {
    const FourPositions four(s);
    return for_each_four(s, [&](int64_t from, int64_t to, int64_t count) CORNU_LAMBDA {
      const float* const x = a.x + from;
      Vector sum = hn::Add(constant(0), load(x, count));
      sum = hn::Add(sum, load(x + four.right, count));
      sum = hn::Add(sum, load(x + four.below, count));
      finish(hn::Add(sum, load(x + four.diagonal, count)), 4, to, count);
    });
  }
  for_each_pool_window(s, [&](const PoolWindow& w, int64_t image, int64_t at) CORNU_LAMBDA {
    for_each_vector(s.channels, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      Vector sum = constant(0);
      for_each_pool_position(s, w, [&](int64_t, int64_t i) CORNU_LAMBDA {
        sum = hn::Add(sum, load(a.x + image + i + j, count));
      });
      finish(sum, w.size(), at + j, count);
    });
  });
}

inline void average_pool_back(const AveragePoolBackArgsOf<float>& a) {
  if (a.shape.channels < kFewestChannels) return PoolReference<float>::average_pool_back(a);
  for_each_pool_image(a.shape, [&](const PoolShape& s, int64_t image, int64_t first) CORNU_LAMBDA {
    float* const all = a.dx + image;
    const float* const gradients = a.dy + first;
    const bool overwrites = begin_pool_back(s, all, a.accumulate);
    const auto add = [&](Vector each, float* dx, int64_t count) CORNU_LAMBDA {
      store(hn::Add(overwrites ? constant(0) : load(dx, count), each), dx, count);
    };
    if (FourPositions::fit(s)) {
      const FourPositions four(s);
      const Vector share = constant(a.mean ? 0.25F : 1);
      return for_each_four(s, [&](int64_t from, int64_t to, int64_t count) CORNU_LAMBDA {
        const Vector each = hn::Mul(load(gradients + to, count), share);
        float* const dx = all + from;
        add(each, dx, count);
        add(each, dx + four.right, count);
        add(each, dx + four.below, count);
        add(each, dx + four.diagonal, count);
      });
    }
    for_each_pool_window(s, [&](const PoolWindow& w, int64_t, int64_t at) CORNU_LAMBDA {
      const Vector share = constant(a.mean ? 1 / static_cast<float>(w.size()) : 1);
      for_each_vector(s.channels, [&](int64_t j, int64_t count) CORNU_LAMBDA {
        const Vector each = hn::Mul(load(gradients + at + j, count), share);
        for_each_pool_position(
            s, w, [&](int64_t, int64_t i) CORNU_LAMBDA { add(each, all + i + j, count); });
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
