// Compiled once per target. Convolutions of few filters: where columns do not fill a vector, lanes
// run along windows that begin side by side. Each output is the same chain as in product-inl.h.

#if defined(CORNU_KERNELS_NARROW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_NARROW_INL_H_
#undef CORNU_KERNELS_NARROW_INL_H_
#else
#define CORNU_KERNELS_NARROW_INL_H_
#endif

#include "cornu/kernels/epilogue-inl.h"
#include "cornu/kernels/pack-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

// Strips at once: enough chains of sums to hide the latency of an fma, and few enough that a vector
// for each column and strip stays in a register, 32 (AVX-512, NEON) or 16 (AVX2).
constexpr int kStrips = 2;

// The sums of a block of k are turned into rows of y, so blocks are long.
constexpr int64_t kNarrowBlock = 1024;
static_assert(kNarrowBlock * kLanes <= product_pack_size(kProductBlock));

/// Windows of one line that a vector holds, and the row of x that the first of them is.
struct Strip {
  const float* begin;
  int64_t row, count;
  int64_t line;  ///< in the image
};

/// The strips of a block of rows, in order.
class Strips {
 public:
  explicit Strips(const ProductArgs& a) : w_(a.windows), rows_(a.rows) {}

  /// Whether there is one more, and if so writes it.
  bool next(Strip& strip) {
    if (row_ == rows_) return false;
    const int64_t window = (w_.first + row_) % w_.per_image;
    const int64_t left = w_.line - window % w_.line;
    const int64_t most = left < rows_ - row_ ? left : rows_ - row_;
    strip = {w_.images[(w_.first + row_) / w_.per_image] + w_.window[window], row_,
             most < kLanes ? most : kLanes, window / w_.line};
    row_ += strip.count;
    return true;
  }

 private:
  const Windows& w_;
  int64_t rows_, row_ = 0;
};

/// Writes the sums of a strip, a vector per column, as rows of y; functions are applied before.
template <int kCols>
CORNU_INLINE void finish_strip(const ProductArgs& block, Vector (&sums)[kCols], const Strip& strip,
                               bool is_last) {
  const Epilogue& e = block.epilogue;
  const bool is_plain = !is_last || is_store(e);
  const bool is_function =
      !is_plain && e.saved == nullptr && std::holds_alternative<std::monostate>(e.update);
  if (is_function) {
    with_function(e.function, [&](const auto& f) CORNU_LAMBDA {
      CORNU_UNROLL
      for (int j = 0; j < kCols; ++j) sums[j] = f.value(sums[j]);
    });
  }
  float columns[kCols][kLanes];
  CORNU_UNROLL
  for (int j = 0; j < kCols; ++j) hn::StoreU(sums[j], kTag, columns[j]);
  float rows[kLanes * kLanes];
  const bool is_done = is_plain || is_function;
  float* const y = is_done ? block.y + strip.row * block.y_row : rows;
  const int64_t y_row = is_done ? block.y_row : kLanes;
  for (int64_t j = 0; j < block.cols; j += 4) {
    const int64_t end = j + 4 < block.cols ? j + 4 : block.cols;
    int64_t i = 0;
    if (end == j + 4) {
      for (; i + 4 <= strip.count; i += 4) {
        transpose_four(columns[j] + i, kLanes, y + i * y_row + j, y_row);
      }
    }
    for (; i < strip.count; ++i) {
      for (int64_t c = j; c < end; ++c) y[i * y_row + c] = columns[c][i];
    }
  }
  if (!is_done) finish(block, rows, kLanes, strip.row, strip.count);
}

/// What the chains of a strip begin with, in column j.
CORNU_INLINE Vector start_of(const ProductArgs& block, const Strip& strip, int64_t j) {
  if (block.start == nullptr || j >= block.cols) return hn::Zero(kTag);
  const float* const start = block.start + strip.row * block.start_row + j;
  if (block.start_row == 0) return constant(*start);
  float lanes[kLanes] = {};
  for (int64_t i = 0; i < strip.count; ++i) lanes[i] = start[i * block.start_row];
  return hn::LoadU(kTag, lanes);
}

/// The elements of a block that some of the strips see inside the image.
struct Seen {
  int64_t begin, end;

  Seen(const ProductArgs& block, const Strip* strips, int now) : begin(0), end(block.depth) {
    const Windows& w = block.windows;
    if (w.inside == nullptr) return;
    int64_t first = block.depth;
    int64_t last = 0;
    for (int s = 0; s < now; ++s) {
      const int64_t* const inside = w.inside + 2 * strips[s].line;
      first = inside[0] - w.skipped < first ? inside[0] - w.skipped : first;
      last = inside[1] - w.skipped > last ? inside[1] - w.skipped : last;
    }
    begin = first > 0 ? first : 0;
    end = last < block.depth ? last : block.depth;
  }
};

/// Computes kNow strips; w has kLanes numbers per row. All loops over sums are unrolled, so that
/// these stay in registers.
template <int kCols, int kNow>
void narrow_tile(const ProductArgs& block, const Strip* strips, bool is_last) {
  Vector sums[kNow][kCols];
  CORNU_UNROLL
  for (int s = 0; s < kNow; ++s) {
    CORNU_UNROLL
    for (int j = 0; j < kCols; ++j) sums[s][j] = start_of(block, strips[s], j);
  }
  const FirstLanes first(strips[0].count);
  const FirstLanes second(strips[kNow - 1].count);
  const float* const first_begin = strips[0].begin;
  const float* const second_begin = strips[kNow - 1].begin;
  const Seen seen(block, strips, kNow);
  const float* w = block.w + seen.begin * block.w_row;
  for (int64_t k = seen.begin; k < seen.end; ++k, w += block.w_row) {
    const int64_t element = block.windows.element[k];
    Vector x[kNow];
    x[0] = first(first_begin + element);
    if constexpr (kNow == 2) x[1] = second(second_begin + element);
    CORNU_UNROLL
    for (int j = 0; j < kCols; ++j) {
      const Vector factor = constant(w[j]);
      CORNU_UNROLL
      for (int s = 0; s < kNow; ++s) sums[s][j] = multiply_add(x[s], factor, sums[s][j]);
    }
  }
  CORNU_UNROLL
  for (int s = 0; s < kNow; ++s) {
    CORNU_UNROLL
    for (int j = 0; j < kCols; ++j) sums[s][j] = hn::Add(sums[s][j], hn::Zero(kTag));
    finish_strip(block, sums[s], strips[s], is_last);
  }
}

template <int kCols>
void narrow_rows(const ProductArgs& block, bool is_last) {
  Strips all(block);
  Strip strips[kStrips];
  while (all.next(strips[0])) {
    if (all.next(strips[1])) {
      narrow_tile<kCols, kStrips>(block, strips, is_last);
    } else {
      narrow_tile<kCols, 1>(block, strips, is_last);
    }
  }
}

/// Whether windows fill more of the vectors than columns would.
inline bool is_narrow(const ProductArgs& block) {
  const int64_t line = block.windows.line;
  const int64_t vectors = (line + kLanes - 1) / kLanes;
  return block.windows.images != nullptr && !block.windows_transposed && 2 * block.cols <= kLanes &&
         line > block.cols * vectors;
}

/// A block whose w has kLanes numbers per row, 0 beyond its columns.
inline void narrow(const ProductArgs& block, bool is_last) {
  if (block.cols <= 2) return narrow_rows<2>(block, is_last);
  if (block.cols <= 4) return narrow_rows<4>(block, is_last);
  if (block.cols <= 6) return narrow_rows<6>(block, is_last);
  narrow_rows<kMostNarrow>(block, is_last);
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_NARROW_INL_H_
