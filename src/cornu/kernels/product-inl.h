// Compiled once a target. Products: each output is one fma chain with k ascending, lanes run along
// columns. A tile of outputs stays in registers; a block of k is spilled to y and gone on from.

#if defined(CORNU_KERNELS_PRODUCT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_PRODUCT_INL_H_
#undef CORNU_KERNELS_PRODUCT_INL_H_
#else
#define CORNU_KERNELS_PRODUCT_INL_H_
#endif

#include "cornu/kernels/vector-inl.h"

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
// A panel's block of w, 64 KiB at most, stays near while all rows pass over it.
constexpr int64_t kBlockDepth = 256;
static_assert(kPanelCols * kBlockDepth <= product_pack_size(kBlockDepth));

/// The outputs of rows i … i + kRows − 1 of a block whose w is `kVectors` whole vectors wide.
template <int kRows, int kVectors>
void tile(const ProductArgs& block, int64_t i) {
  const float* x = block.x + i * block.x_row;
  const float* w = block.w;
  float* y = block.y + i * block.y_row;
  const int64_t last = block.cols - (kVectors - 1) * kLanes;

  Vector sums[kRows][kVectors];
  CORNU_UNROLL
  for (int r = 0; r < kRows; ++r) {
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) {
      sums[r][c] = hn::Zero(kTag);
      if (block.start != nullptr) {
        const float* start = block.start + (i + r) * block.start_row + c * kLanes;
        sums[r][c] = load(start, c + 1 < kVectors ? kLanes : last);
      }
    }
  }
  for (int64_t k = 0; k < block.depth; ++k, x += block.x_col, w += block.w_row) {
    Vector row[kVectors];
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) row[c] = hn::LoadU(kTag, w + c * kLanes);
    CORNU_UNROLL
    for (int r = 0; r < kRows; ++r) {
      const Vector factor = constant(x[r * block.x_row]);
      CORNU_UNROLL
      for (int c = 0; c < kVectors; ++c) sums[r][c] = hn::MulAdd(factor, row[c], sums[r][c]);
    }
  }
  CORNU_UNROLL
  for (int r = 0; r < kRows; ++r) {
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) {
      store(sums[r][c], y + r * block.y_row + c * kLanes, c + 1 < kVectors ? kLanes : last);
    }
  }
}

template <int kVectors>
void all_rows(const ProductArgs& block) {
  constexpr int kRows = tile_rows(kVectors);
  int64_t i = 0;
  for (; i + kRows <= block.rows; i += kRows) tile<kRows, kVectors>(block, i);
  if constexpr (kRows > 4) {
    if (i + 4 <= block.rows) tile<4, kVectors>(block, i), i += 4;
  }
  if constexpr (kRows > 2) {
    if (i + 2 <= block.rows) tile<2, kVectors>(block, i), i += 2;
  }
  if (i < block.rows) tile<1, kVectors>(block, i);
}

/// Copies a block of w to `block.pack`, `vectors` whole vectors wide, zeros beyond its columns.
inline void pack(ProductArgs& block, int64_t vectors) {
  const int64_t width = vectors * kLanes;
  float* to = block.pack;
  for (int64_t k = 0; k < block.depth; ++k, to += width) {
    const float* from = block.w + k * block.w_row;
    for (int64_t j = 0; j < block.cols; ++j) to[j] = from[j * block.w_col];
    for (int64_t j = block.cols; j < width; ++j) to[j] = 0;
  }
  block.w = block.pack;
  block.w_row = width;
}

inline void product(const ProductArgs& a) {
  for (int64_t j = 0; j < a.cols; j += kPanelCols) {
    int64_t k = 0;
    do {
      ProductArgs block = a;
      block.x += k * a.x_col;
      block.w += k * a.w_row + j * a.w_col;
      block.y += j;
      block.cols = a.cols - j < kPanelCols ? a.cols - j : kPanelCols;
      block.depth = a.depth - k < kBlockDepth ? a.depth - k : kBlockDepth;
      if (k > 0) {
        block.start = block.y;
        block.start_row = a.y_row;
      } else if (a.start != nullptr) {
        block.start += j;
      }
      const int64_t vectors = (block.cols + kLanes - 1) / kLanes;
      if (a.w_col != 1 || block.cols != vectors * kLanes) pack(block, vectors);
      if (vectors == 1) all_rows<1>(block);
      if (vectors == 2) all_rows<2>(block);
      if constexpr (kMaxVectors == 4) {
        if (vectors == 3) all_rows<3>(block);
        if (vectors == 4) all_rows<4>(block);
      }
      k += kBlockDepth;
    } while (k < a.depth);
  }
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_PRODUCT_INL_H_
