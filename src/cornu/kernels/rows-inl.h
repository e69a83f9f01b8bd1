// Compiled once a target. Reductions: along a row over sixteen virtual lanes, element i in lane
// i mod 16, folded 8-4-2-1, the same on every target; and sums over rows, a chain a column.

#if defined(CORNU_KERNELS_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_ROWS_INL_H_
#undef CORNU_KERNELS_ROWS_INL_H_
#else
#define CORNU_KERNELS_ROWS_INL_H_
#endif

#include <limits>

#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// Sixteen lanes of partial results, all begun with the operation's identity.
struct VirtualLanes {
  static constexpr int64_t kParts = 16 / kLanes;
  Vector parts[kParts];

  CORNU_INLINE explicit VirtualLanes(float identity) {
    CORNU_UNROLL
    for (int64_t p = 0; p < kParts; ++p) parts[p] = constant(identity);
  }

  /// lanes = step(lanes, j, count) over a row; step leaves absent lanes as they are.
  template <class Step>
  CORNU_INLINE void run(int64_t cols, const Step& step) {
    int64_t j = 0;
    for (; j + 16 <= cols; j += 16) {
      CORNU_UNROLL
      for (int64_t p = 0; p < kParts; ++p) parts[p] = step(parts[p], j + p * kLanes, kLanes);
    }
    CORNU_UNROLL
    for (int64_t p = 0; p < kParts; ++p, j += kLanes) {
      if (j < cols) parts[p] = step(parts[p], j, cols - j < kLanes ? cols - j : kLanes);
    }
  }

  template <class Join>
  CORNU_INLINE float fold(const Join& join) const {
    alignas(64) float lanes[16];
    CORNU_UNROLL
    for (int64_t p = 0; p < kParts; ++p) hn::StoreU(parts[p], kTag, lanes + p * kLanes);
    for (int half = 8; half > 0; half /= 2) {
      for (int i = 0; i < half; ++i) lanes[i] = join(lanes[i], lanes[i + half]);
    }
    return lanes[0];
  }
};

/// The sum of a row: step(lanes, j, count) adds the terms of columns j … j + count − 1.
template <class Step>
CORNU_INLINE float row_sum(int64_t cols, const Step& step) {
  VirtualLanes lanes(0);
  lanes.run(cols, step);
  return lanes.fold([](float a, float b) CORNU_LAMBDA { return a + b; });
}

/// The largest of a row. A NaN is passed over: what is computed from the row meets it again.
CORNU_INLINE float row_max(const float* row, int64_t cols) {
  constexpr float kLowest = -std::numeric_limits<float>::infinity();
  VirtualLanes lanes(kLowest);
  lanes.run(cols, [&](Vector most, int64_t j, int64_t count) CORNU_LAMBDA {
    const Vector x = load(row + j, count, kLowest);
    return hn::IfThenElse(hn::Gt(x, most), x, most);
  });
  return lanes.fold([](float a, float b) CORNU_LAMBDA { return b > a ? b : a; });
}

/// One panel of columns over all rows, its sums in registers.
template <int kVectors>
CORNU_INLINE void sum_panel(const SumRowsArgs& a, int64_t j, int64_t last) {
  Vector sums[kVectors];
  CORNU_UNROLL
  for (int c = 0; c < kVectors; ++c) {
    sums[c] =
        a.accumulate ? load(a.y + j + c * kLanes, c + 1 < kVectors ? kLanes : last) : constant(0);
  }
  const float* x = a.x + j;
  for (int64_t i = 0; i < a.rows; ++i, x += a.x_row) {
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) {
      sums[c] = hn::Add(sums[c], load(x + c * kLanes, c + 1 < kVectors ? kLanes : last));
    }
  }
  CORNU_UNROLL
  for (int c = 0; c < kVectors; ++c) {
    store(sums[c], a.y + j + c * kLanes, c + 1 < kVectors ? kLanes : last);
  }
}

inline void sum_rows(const SumRowsArgs& a) {
  int64_t j = 0;
  for (; j + 4 * kLanes <= a.cols; j += 4 * kLanes) sum_panel<4>(a, j, kLanes);
  for (; j + kLanes <= a.cols; j += kLanes) sum_panel<1>(a, j, kLanes);
  if (j < a.cols) sum_panel<1>(a, j, a.cols - j);
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_ROWS_INL_H_
