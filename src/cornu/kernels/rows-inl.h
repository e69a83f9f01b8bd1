// Compiled once per target. Reductions: along a row over sixteen virtual lanes, element i in lane
// i mod 16, folded 8-4-2-1, the same on every target; and sums over rows, one chain
// per column.

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

// The reductions: the value that a lane begins with, and how two lanes are joined.
struct Sum {
  static constexpr float kIdentity = 0;
  CORNU_INLINE static float join(float a, float b) { return a + b; }
  CORNU_INLINE static Vector join(Vector a, Vector b) { return hn::Add(a, b); }
};
/// Ignores NaN: later computations on the row still see it.
struct Largest {
  static constexpr float kIdentity = -std::numeric_limits<float>::infinity();
  CORNU_INLINE static float join(float a, float b) { return b > a ? b : a; }
  CORNU_INLINE static Vector join(Vector a, Vector b) { return hn::IfThenElse(hn::Gt(b, a), b, a); }
};

// The sixteen virtual lanes have two layouts, and a kernel is written once for both.

/// One row, lanes along its columns. The result of a reduction is in every lane.
class Along {
 public:
  CORNU_INLINE Along(int64_t row, int64_t cols) : row_(row), cols_(cols) {}

  /// Columns j … j + count − 1.
  struct Place {
    int64_t j, count;
  };

  /// An input, read by places.
  class In {
   public:
    CORNU_INLINE In(const Along& rows, const float* x) : x_(x + rows.row_ * rows.cols_) {}
    CORNU_INLINE Vector operator()(Place at, float absent = 0) const {
      return load(x_ + at.j, at.count, absent);
    }

   private:
    const float* x_;
  };

  /// Memory for values kept between two passes over the columns: here, the output itself.
  class Kept {
   public:
    CORNU_INLINE Kept(const Along& rows, float* y) : y_(y + rows.row_ * rows.cols_) {}
    CORNU_INLINE Vector operator()(Place at) const { return load(y_ + at.j, at.count); }
    CORNU_INLINE void put(Place at, Vector value) { store(value, y_ + at.j, at.count); }

   private:
    float* y_;
  };

  /// Folds the lanes that step(lane, place) computes; step must not change absent lanes.
  template <class Reduction, class Step>
  CORNU_INLINE Vector reduce(const Step& step) const {
    constexpr int64_t kParts = 16 / kLanes;
    Vector parts[kParts];
    CORNU_UNROLL
    for (int64_t p = 0; p < kParts; ++p) parts[p] = constant(Reduction::kIdentity);
    int64_t j = 0;
    for (; j + 16 <= cols_; j += 16) {
      CORNU_UNROLL
      for (int64_t p = 0; p < kParts; ++p) parts[p] = step(parts[p], Place{j + p * kLanes, kLanes});
    }
    CORNU_UNROLL
    for (int64_t p = 0; p < kParts; ++p, j += kLanes) {
      if (j < cols_) parts[p] = step(parts[p], Place{j, cols_ - j < kLanes ? cols_ - j : kLanes});
    }
    alignas(64) float lanes[16];
    CORNU_UNROLL
    for (int64_t p = 0; p < kParts; ++p) hn::StoreU(parts[p], kTag, lanes + p * kLanes);
    for (int half = 8; half > 0; half /= 2) {
      for (int i = 0; i < half; ++i) lanes[i] = Reduction::join(lanes[i], lanes[i + half]);
    }
    return constant(lanes[0]);
  }

  /// Sets y to value(place) everywhere, or adds it to y if `accumulate`.
  template <class Value>
  CORNU_INLINE void put(float* y, bool accumulate, const Value& value) const {
    y += row_ * cols_;
    for_each_vector(cols_, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      assign_or_add(value(Place{j, count}), y + j, count, accumulate);
    });
  }

  /// y[row] = value.
  CORNU_INLINE void put_row(float* y, Vector value) const { store(value, y + row_, 1); }

  /// `value`, but 0 in the lanes beyond the end of the place.
  CORNU_INLINE static Vector present(Place at, Vector value) { return first(value, at.count); }

 private:
  int64_t row_, cols_;
};

/// Moves element (i, j) to (j, i): each round makes the last bit of a lane's number the first bit
/// of its vector's number.
CORNU_INLINE void transpose(Vector* square) {
  CORNU_UNROLL
  for (int64_t round = 1; round < kLanes; round *= 2) {
    Vector next[kLanes];
    CORNU_UNROLL
    for (int64_t i = 0; i < kLanes / 2; ++i) {
      next[i] = hn::ConcatEven(kTag, square[2 * i + 1], square[2 * i]);
      next[i + kLanes / 2] = hn::ConcatOdd(kTag, square[2 * i + 1], square[2 * i]);
    }
    CORNU_UNROLL
    for (int64_t i = 0; i < kLanes; ++i) square[i] = next[i];
  }
}

/// At most kLanes rows of at most sixteen columns, lanes along the rows: a column is a virtual
/// lane, and all rows are folded at once.
class Across {
 public:
  static constexpr int64_t kMaxCols = 16;

  CORNU_INLINE Across(int64_t row, int64_t rows, int64_t cols)
      : row_(row), rows_(rows), cols_(cols) {}

  using Place = int64_t;

  class Kept {
   public:
    CORNU_INLINE Kept(const Across& /*rows*/, const float* /*y*/) {}
    CORNU_INLINE Vector operator()(Place j, float /*absent*/ = 0) const { return columns_[j]; }
    CORNU_INLINE void put(Place j, Vector value) { columns_[j] = value; }

   protected:
    Vector columns_[kMaxCols];
  };

  class In : public Kept {
   public:
    CORNU_INLINE In(const Across& rows, const float* x) : Kept(rows, x) {
      x += rows.row_ * rows.cols_;
      for (int64_t j = 0; j < rows.cols_; j += kLanes, x += kLanes) {
        const int64_t count = rows.width(j);
        Vector* const square = this->columns_ + j;
        for (int64_t i = 0; i < rows.rows_; ++i) square[i] = load(x + i * rows.cols_, count);
        for (int64_t i = rows.rows_; i < kLanes; ++i) square[i] = constant(0);
        transpose(square);
      }
    }
  };

  template <class Reduction, class Step>
  CORNU_INLINE Vector reduce(const Step& step) const {
    Vector lanes[kMaxCols];
    CORNU_UNROLL
    for (Vector& lane : lanes) lane = constant(Reduction::kIdentity);
    for (int64_t j = 0; j < cols_; ++j) lanes[j] = step(lanes[j], j);
    CORNU_UNROLL
    for (int64_t half = 8; half > 0; half /= 2) {
      CORNU_UNROLL
      for (int64_t i = 0; i < half; ++i) lanes[i] = Reduction::join(lanes[i], lanes[i + half]);
    }
    return lanes[0];
  }

  template <class Value>
  CORNU_INLINE void put(float* y, bool accumulate, const Value& value) const {
    Vector columns[kMaxCols];
    for (int64_t j = 0; j < cols_; ++j) columns[j] = value(j);
    y += row_ * cols_;
    for (int64_t j = 0; j < cols_; j += kLanes, y += kLanes) {
      transpose(columns + j);
      for (int64_t i = 0; i < rows_; ++i) {
        assign_or_add(columns[j + i], y + i * cols_, width(j), accumulate);
      }
    }
  }

  CORNU_INLINE void put_row(float* y, Vector value) const { store(value, y + row_, rows_); }

  CORNU_INLINE static Vector present(Place /*j*/, Vector value) { return value; }

 private:
  /// The number of columns in the vector that begins at column j.
  CORNU_INLINE int64_t width(int64_t j) const { return cols_ - j < kLanes ? cols_ - j : kLanes; }

  int64_t row_, rows_, cols_;
};

/// Calls kernel(layout) for all rows. The bits do not depend on the layout.
template <class Kernel>
CORNU_INLINE void for_each_row(int64_t rows, int64_t cols, const Kernel& kernel) {
  int64_t i = 0;
  if (cols <= Across::kMaxCols) {
    // Fewer rows are faster one by one.
    for (; rows - i >= kLanes / 2; i += kLanes) {
      kernel(Across(i, rows - i < kLanes ? rows - i : kLanes, cols));
    }
  }
  for (; i < rows; ++i) kernel(Along(i, cols));
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_ROWS_INL_H_
