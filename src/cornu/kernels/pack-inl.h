// Compiled once per target. Copies a block of w so that its rows lie side by side.

#if defined(CORNU_KERNELS_PACK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_PACK_INL_H_
#undef CORNU_KERNELS_PACK_INL_H_
#else
#define CORNU_KERNELS_PACK_INL_H_
#endif

#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// The block to copy: element (k, j) of `depth × cols` is from[k · row + j · col].
struct PackArgs {
  const float* from;
  int64_t row, col;
  int64_t depth, cols;
  float* to;
  int64_t width;  ///< of the rows of `to`, a multiple of kLanes; zeros beyond the columns
};

inline void pack_rows(const PackArgs& a) {
  for (int64_t k = 0; k < a.depth; ++k) {
    const float* from = a.from + k * a.row;
    float* to = a.to + k * a.width;
    for (int64_t j = 0; j < a.width; j += kLanes) {
      const int64_t left = a.cols - j;
      const Vector row = left >= kLanes ? hn::LoadU(kTag, from + j)
                         : left > 0     ? load(from + j, left)
                                        : hn::Zero(kTag);
      hn::StoreU(row, kTag, to + j);
    }
  }
}

// Transposes 4 × 4 numbers: four rows of `from`, `from_row` apart, become four columns of `to`.
CORNU_INLINE void transpose_four(const float* from, int64_t from_row, float* to, int64_t to_row) {
  using Four = float __attribute__((vector_size(16)));
  Four rows[4];
  for (int64_t j = 0; j < 4; ++j) __builtin_memcpy(&rows[j], from + j * from_row, sizeof(Four));
  const Four low_01 = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
  const Four high_01 = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
  const Four low_23 = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
  const Four high_23 = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
  const Four columns[4] = {__builtin_shufflevector(low_01, low_23, 0, 1, 4, 5),
                           __builtin_shufflevector(low_01, low_23, 2, 3, 6, 7),
                           __builtin_shufflevector(high_01, high_23, 0, 1, 4, 5),
                           __builtin_shufflevector(high_01, high_23, 2, 3, 6, 7)};
  for (int64_t k = 0; k < 4; ++k) __builtin_memcpy(to + k * to_row, &columns[k], sizeof(Four));
}

// The number of rows of `to` that stay in the first-level cache while all columns are copied.
constexpr int64_t kPackedRows = 64;

inline void pack_columns(const PackArgs& a) {
  for (int64_t first = 0; first < a.depth; first += kPackedRows) {
    const int64_t last = a.depth - first < kPackedRows ? a.depth : first + kPackedRows;
    for (int64_t j = 0; j < a.width; j += 4) {
      int64_t k = first;
      if (a.row == 1 && j + 4 <= a.cols) {
        for (; k + 4 <= last; k += 4) {
          transpose_four(a.from + j * a.col + k, a.col, a.to + k * a.width + j, a.width);
        }
      }
      for (; k < last; ++k) {
        for (int64_t c = j; c < j + 4; ++c) {
          a.to[k * a.width + c] = c < a.cols ? a.from[k * a.row + c * a.col] : 0;
        }
      }
    }
  }
}

inline void pack(const PackArgs& a) {
  if (a.col == 1) return pack_rows(a);
  pack_columns(a);
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_PACK_INL_H_
