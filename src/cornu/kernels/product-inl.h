// Compiled once per target. Products: each output is one fma chain with k ascending; lanes
// run along columns. A tile of outputs stays in registers; after a block of k its sums are stored
// to y, and the next block adds to them. One tile serves all products, convolutions among them, but
// for those of a few filters (narrow-inl.h, turned-inl.h): its two parameters are the form in which
// x is stored and the k that are visited.

#if defined(CORNU_KERNELS_PRODUCT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_PRODUCT_INL_H_
#undef CORNU_KERNELS_PRODUCT_INL_H_
#else
#define CORNU_KERNELS_PRODUCT_INL_H_
#endif

#include "cornu/kernels/epilogue-inl.h"
#include "cornu/kernels/forms-inl.h"
#include "cornu/kernels/narrow-inl.h"
#include "cornu/kernels/pack-inl.h"
#include "cornu/kernels/sparse-inl.h"
#include "cornu/kernels/turned-inl.h"
#include "cornu/kernels/visits-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

// A tile is `rows × vectors`: its sums, a row of w and one of x have to fit in 32 registers
// (AVX-512, NEON) or 16 (AVX2), and eight sums or more hide the latency of an fma.
#if defined(CORNU_PORTABLE)
constexpr int kMaxVectors = 2;
constexpr int tile_rows(int /*vectors*/) {
  return 2;
}
#elif HWY_TARGET == HWY_AVX2
constexpr int kMaxVectors = 2;
constexpr int tile_rows(int vectors) {
  return vectors == 1 ? 8 : 6;
}
#else
constexpr int kMaxVectors = 4;
constexpr int tile_rows(int vectors) {
  return vectors == 4 ? 6 : 8;
}
#endif

constexpr int64_t kPanelCols = kMaxVectors * kLanes;
// A panel's block of w, 64 KiB at most, stays in a cache while all rows use it.
static_assert(kPanelCols * kProductBlock <= product_pack_size(kProductBlock));

/// sums = the chains of a block, added in order; step(k) goes on with the chain in `sums`.
template <class Ks, int kRows, int kVectors, class Step>
CORNU_INLINE void add_chains(const ProductArgs& block, const Ks& ks,
                             Vector (&sums)[kRows][kVectors], const Step& step) {
  Vector totals[kRows][kVectors];
  CORNU_UNROLL
  for (int r = 0; r < kRows; ++r) {
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) totals[r][c] = hn::Zero(kTag);
  }
  int64_t begin = 0;
  for (int chain = 0; chain < block.chains; ++chain) {
    const int64_t end = block.chain_ends[chain] * block.chain_unit;
    const bool has_any = ks.visit_part(begin, end, step);
    begin = end;
    if (!has_any) continue;
    CORNU_UNROLL
    for (int r = 0; r < kRows; ++r) {
      CORNU_UNROLL
      for (int c = 0; c < kVectors; ++c) {
        totals[r][c] = hn::Add(totals[r][c], sums[r][c]);
        sums[r][c] = hn::Zero(kTag);
      }
    }
  }
  CORNU_UNROLL
  for (int r = 0; r < kRows; ++r) {
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) sums[r][c] = totals[r][c];
  }
}

/// Computes rows i … i + kRows − 1 of a block whose w is `kVectors` vectors wide.
template <template <int> class X, template <int> class Ks, int kRows, int kVectors>
void tile(const ProductArgs& block, int64_t i, bool last_block) {
  const int64_t last = block.cols - (kVectors - 1) * kLanes;
  const FirstLanes load_last(last);
  const auto load_start = [&](const float* from, int c) CORNU_LAMBDA {
    return c + 1 < kVectors ? hn::LoadU(kTag, from + c * kLanes) : load_last(from + c * kLanes);
  };
  Vector sums[kRows][kVectors];
  CORNU_UNROLL
  for (int c = 0; c < kVectors; ++c) {
    const bool is_bias = block.start != nullptr && block.start_row == 0;
    sums[0][c] = is_bias ? load_start(block.start, c) : hn::Zero(kTag);
    CORNU_UNROLL
    for (int r = 1; r < kRows; ++r) sums[r][c] = sums[0][c];
  }
  if (block.start != nullptr && block.start_row != 0) {
    CORNU_UNROLL
    for (int r = 0; r < kRows; ++r) {
      const float* const start = block.start + (i + r) * block.start_row;
      CORNU_UNROLL
      for (int c = 0; c < kVectors; ++c) sums[r][c] = load_start(start, c);
    }
  }
  const X<kRows> x(block, i);
  const Ks<kRows> ks(block, i);
  const auto step = [&](int64_t k) CORNU_LAMBDA {
    const float* w = block.w + k * block.w_row;
    Vector row[kVectors];
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) {
      const bool is_whole = Ks<kRows>::kPacked || c + 1 < kVectors;
      row[c] = is_whole ? hn::LoadU(kTag, w + c * kLanes) : load_last(w + c * kLanes);
    }
    CORNU_UNROLL
    for (int r = 0; r < kRows; ++r) {
      const Vector factor = x(r, k);
      CORNU_UNROLL
      for (int c = 0; c < kVectors; ++c) sums[r][c] = multiply_add(factor, row[c], sums[r][c]);
    }
  };
  if constexpr (X<kRows>::kChained && requires { ks.visit_part(0, 0, step); }) {
    if (block.chains > 1) {
      add_chains(block, ks, sums, step);
    } else {
      ks.visit(x, step);
    }
  } else {
    ks.visit(x, step);
  }
  const bool rectifies = last_block && is_relu(block.epilogue);
  const bool whole = last_block && !rectifies && !is_store(block.epilogue);
  float finished[kRows * kVectors * kLanes];
  float* y = whole ? finished : block.y + i * block.y_row;
  const int64_t y_row = whole ? kVectors * kLanes : block.y_row;
  // No number is at most NaN.
  const Vector flat = constant(rectifies ? 0.0F : __builtin_nanf(""));
  CORNU_UNROLL
  for (int r = 0; r < kRows; ++r) {
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) {
      const Vector sum = hn::Add(sums[r][c], hn::Zero(kTag));
      const Vector made = hn::IfThenElse(hn::Le(sum, flat), hn::Zero(kTag), sum);
      store(made, y + r * y_row + c * kLanes, whole || c + 1 < kVectors ? kLanes : last);
    }
  }
  if (whole) finish(block, finished, kVectors * kLanes, i, kRows);
}

template <template <int> class X, template <int> class Ks, int kRows, int kVectors>
void all_rows(const ProductArgs& block, bool last_block) {
  int64_t i = 0;
  for (; i + kRows <= block.rows; i += kRows) tile<X, Ks, kRows, kVectors>(block, i, last_block);
  if constexpr (kRows > 1) {
    constexpr int kFewer = kRows > 4 ? 4 : kRows > 2 ? 2 : 1;
    if (i == block.rows) return;
    ProductArgs rest = block;
    rest.rows = block.rows - i;
    advance_rows(rest, i);
    all_rows<X, Ks, kFewer, kVectors>(rest, last_block);
  }
}

// Whether w is read where it lies and zeros of x are found on the way: one row, of which each k
// would wait for the one before it.
inline bool is_alone(const ProductArgs& a) {
  return a.rows == 1 && a.finite && a.x_col == 1 && a.w_col == 1 && a.bytes == nullptr &&
         a.windows.images == nullptr && a.nonzero == nullptr &&
         (CORNU_HAS_MASKED_MEMORY || a.cols % kLanes == 0);
}

template <template <int> class X, int kVectors>
void all_rows_of(const ProductArgs& block, bool last_block) {
  if constexpr (std::is_same_v<X<1>, Numbers<1>>) {
    if (is_alone(block)) return all_rows<X, FoundK, 1, kVectors>(block, last_block);
  }
  if constexpr (X<1>::kListed) {
    if (block.nonzero != nullptr) {
      constexpr int kFewest = fewest_listed(kVectors);
      if constexpr (kFewest < 4) {
        if (lists_four(block)) return all_rows<X, NonzeroK, 4, kVectors>(block, last_block);
      }
      return all_rows<X, NonzeroK, kFewest, kVectors>(block, last_block);
    }
  }
  all_rows<X, EveryK, tile_rows(kVectors), kVectors>(block, last_block);
}

template <template <int> class X>
void panel(const ProductArgs& block, int64_t vectors, bool last_block) {
  if (vectors == 1) all_rows_of<X, 1>(block, last_block);
  if (vectors == 2) all_rows_of<X, 2>(block, last_block);
  if constexpr (kMaxVectors == 4) {
    if (vectors == 3) all_rows_of<X, 3>(block, last_block);
    if (vectors == 4) all_rows_of<X, 4>(block, last_block);
  }
}

// Whether to pack w: if lanes cannot run along its rows, or if its rows lie so far apart that they
// evict each other from a cache, and enough tiles reread them.
inline bool packs(const ProductArgs& block, int64_t vectors) {
  constexpr int64_t kFarApart = 256;
  constexpr int64_t kOftenRead = 32;
  if (is_alone(block)) return false;
  return block.w_col != 1 || block.cols != vectors * kLanes ||
         (block.w_row >= kFarApart && block.rows >= kOftenRead && block.nonzero == nullptr);
}

/// Skips the first `k` of x and w: a multiple of 64, that is, whole words of the list.
inline void advance_depth(ProductArgs& a, int64_t k) {
  if (a.windows.images != nullptr) {
    if (a.windows_transposed) {
      a.windows.first += k;
    } else {
      a.windows.element += k;
      a.windows.skipped += k;
    }
  } else if (a.bytes == nullptr) {
    a.x += k * a.x_col;
  } else if (a.bytes_transposed) {
    a.bytes += k;
  } else {
    a.first_byte += k;
  }
  a.w += k * a.w_row;
  if (a.nonzero != nullptr) a.nonzero += k / 64 * a.nonzero_word;
}

// A panel's block of w stays in a cache of the first level, 32 KiB at least, while all rows use it,
// unless one block of the second level will do.
constexpr int64_t kFirstLevelBlock = 128;
static_assert(kFirstLevelBlock % 64 == 0);

/// A block of a panel, by the form of x.
inline void panel_of_any(ProductArgs& block, int64_t vectors, bool last_block) {
  if (block.windows.images != nullptr && block.windows_transposed) {
    const float* begins[kProductBlock];
    find_windows(block.windows, block.depth, begins);
    block.windows.begins = begins;
    panel<WindowColumns>(block, vectors, last_block);
  } else if (is_narrow(block)) {
    narrow(block, last_block);
  } else if (block.windows.images != nullptr) {
    panel<WindowRows>(block, vectors, last_block);
  } else if (block.bytes == nullptr) {
    panel<Numbers>(block, vectors, last_block);
  } else if (block.bytes_transposed) {
    panel<BytesTransposed>(block, vectors, last_block);
  } else {
    panel<Bytes>(block, vectors, last_block);
  }
}

inline void product(const ProductArgs& a) {
  if (is_turned(a)) return turned(a);
  const int64_t depth = is_narrow(a)               ? kNarrowBlock
                        : is_alone(a)              ? a.depth
                        : a.depth <= kProductBlock ? kProductBlock
                                                   : kFirstLevelBlock;
  for (int64_t j = 0; j < a.cols; j += kPanelCols) {
    int64_t k = 0;
    do {
      ProductArgs block = a;
      advance_depth(block, k);
      block.w += j * a.w_col;
      block.cols = a.cols - j < kPanelCols ? a.cols - j : kPanelCols;
      block.depth = a.depth - k < depth ? a.depth - k : depth;
      advance_cols(block, j);
      if (k > 0) {
        block.start = block.y;
        block.start_row = a.y_row;
      }
      const int64_t vectors = (block.cols + kLanes - 1) / kLanes;
      if (packs(block, vectors)) {
        const int64_t width = vectors * kLanes;
        pack({block.w, a.w_row, a.w_col, block.depth, block.cols, a.pack, width});
        block.w = a.pack;
        block.w_row = width;
      }
      k += depth;
      panel_of_any(block, vectors, k >= a.depth);
    } while (k < a.depth);
  }
}

constexpr ProductKernelsOf<float> kProductKernels = {
    .product = product,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_PRODUCT_INL_H_
