// Compiled once per target. Gradients of kernels with a few filters: where columns do not fill a
// vector, lanes run along the elements of a window. Each output is the same chain as in
// product-inl.h.

#if defined(CORNU_KERNELS_TURNED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_TURNED_INL_H_
#undef CORNU_KERNELS_TURNED_INL_H_
#else
#define CORNU_KERNELS_TURNED_INL_H_
#endif

#include "cornu/kernels/epilogue-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// Writes where `count` windows from the first row on begin.
inline void find_windows(const Windows& w, int64_t count, const float** begins) {
  int64_t image = w.first / w.per_image;
  int64_t at = w.first % w.per_image;
  for (int64_t done = 0; done < count; ++image, at = 0) {
    const int64_t left = count - done;
    const int64_t end = w.per_image - at < left ? w.per_image : at + left;
    const float* const from = w.images[image];
    for (; at < end; ++at) begins[done++] = from + w.window[at];
  }
}

#if CORNU_HAS_MASKED_MEMORY

// Elements of a window whose sums lie in memory at once; those of two vectors stay in registers.
constexpr int64_t kTurnedRows = 64;
constexpr int kMostPieces = 4;

/// Lanes of a vector whose elements lie side by side in the image, too.
struct Piece {
  int64_t element;  ///< how far that of lane 0 would lie from where a window begins
  int64_t lane, count;
};

/// The pieces that a vector of elements is loaded in.
struct Pieces {
  Piece at[kMostPieces];
  int count = 0;

  /// Whether there are no more than kMostPieces.
  bool find(const int64_t* element, int64_t lanes) {
    for (int64_t lane = 0; lane < lanes; ++lane) {
      if (lane > 0 && element[lane] == element[lane - 1] + 1) {
        ++at[count - 1].count;
      } else if (count < kMostPieces) {
        at[count++] = {element[lane] - lane, lane, 1};
      } else {
        return false;
      }
    }
    return true;
  }
};

/// The pieces of the vectors of elements from i on, none behind the last element.
inline bool find_pieces(const ProductArgs& a, int64_t i, Pieces& pieces) {
  const int64_t left = a.rows - i;
  return left <= 0 || pieces.find(a.windows.element + i, left < kLanes ? left : kLanes);
}

/// Whether elements of windows fill more of the vectors than columns would, loaded in few pieces.
inline bool is_turned(const ProductArgs& a) {
  if (a.windows.images == nullptr || !a.windows_transposed || 2 * a.cols > kLanes ||
      a.cols > kMostNarrow || a.rows <= a.cols) {
    return false;
  }
  for (int64_t i = 0; i < a.rows; i += kLanes) {
    Pieces pieces;
    if (!find_pieces(a, i, pieces)) return false;
  }
  return true;
}

/// Loads a vector of elements of a window in kPieces pieces at most.
template <int kPieces>
class WindowLanes {
 public:
  HWY_ATTR CORNU_INLINE explicit WindowLanes(const Pieces& pieces) {
    CORNU_UNROLL
    for (int p = 0; p < kPieces; ++p) {
      const Piece piece = p < pieces.count ? pieces.at[p] : Piece{0, 0, 0};
      element_[p] = piece.element;
      const auto end = hn::FirstN(kTag, static_cast<size_t>(piece.lane + piece.count));
      mask_[p] = hn::AndNot(hn::FirstN(kTag, static_cast<size_t>(piece.lane)), end);
    }
  }
  HWY_ATTR CORNU_INLINE Vector operator()(const float* window) const {
    Vector lanes = hn::MaskedLoad(mask_[0], kTag, window + element_[0]);
    CORNU_UNROLL
    for (int p = 1; p < kPieces; ++p) {
      lanes = hn::Or(lanes, hn::MaskedLoad(mask_[p], kTag, window + element_[p]));
    }
    return lanes;
  }

 private:
  int64_t element_[kPieces];
  hn::Mask<Tag> mask_[kPieces];
};

/// Sums of up to kTurnedRows elements, by column.
using TurnedSums = float[kMostNarrow][kTurnedRows];

/// Adds windows, of which `begins` says where they begin, times their rows of w to the sums of a
/// vector of elements, or two if kSecond is not 0, loaded in so many pieces.
template <int kCols, int kFirst, int kSecond>
HWY_ATTR void add_turned(const ProductArgs& block, const float* const* begins, int64_t i,
                         const Pieces (&pieces)[2], TurnedSums& all) {
  constexpr int kVectors = kSecond == 0 ? 1 : 2;
  const WindowLanes<kFirst> load_first(pieces[0]);
  const WindowLanes<kSecond == 0 ? 1 : kSecond> load_second(pieces[1]);
  int64_t column[kCols];
  Vector sums[kCols][kVectors];
  CORNU_UNROLL
  for (int j = 0; j < kCols; ++j) {
    column[j] = j < block.cols ? j : 0;
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) sums[j][c] = hn::LoadU(kTag, all[j] + i + c * kLanes);
  }
  const float* w = block.w;
  const int64_t w_row = block.w_row;
  const int64_t depth = block.depth;
  for (int64_t k = 0; k < depth; ++k, w += w_row) {
    Vector x[kVectors];
    x[0] = load_first(begins[k]);
    if constexpr (kVectors == 2) x[1] = load_second(begins[k]);
    CORNU_UNROLL
    for (int j = 0; j < kCols; ++j) {
      const Vector factor = constant(w[column[j]]);
      CORNU_UNROLL
      for (int c = 0; c < kVectors; ++c) sums[j][c] = multiply_add(x[c], factor, sums[j][c]);
    }
  }
  CORNU_UNROLL
  for (int j = 0; j < kCols; ++j) {
    CORNU_UNROLL
    for (int c = 0; c < kVectors; ++c) hn::StoreU(sums[j][c], kTag, all[j] + i + c * kLanes);
  }
}

/// A block of windows of up to kTurnedRows elements.
template <int kCols>
HWY_ATTR void turned_block(const ProductArgs& block, TurnedSums& sums) {
  const float* begins[kProductBlock];
  find_windows(block.windows, block.depth, begins);
  for (int64_t i = 0; i < block.rows; i += 2 * kLanes) {
    Pieces pieces[2];
    find_pieces(block, i, pieces[0]);
    find_pieces(block, i + kLanes, pieces[1]);
    if (pieces[1].count == 0) {
      add_turned<kCols, kMostPieces, 0>(block, begins, i, pieces, sums);
    } else if (pieces[1].count <= 2) {
      add_turned<kCols, kMostPieces, 2>(block, begins, i, pieces, sums);
    } else {
      add_turned<kCols, kMostPieces, kMostPieces>(block, begins, i, pieces, sums);
    }
  }
}

inline void turned_part(const ProductArgs& a) {
  TurnedSums sums = {};
  for (int64_t i = 0; a.start != nullptr && i < a.rows; ++i) {
    for (int64_t j = 0; j < a.cols; ++j) sums[j][i] = a.start[i * a.start_row + j];
  }
  for (int64_t k = 0; k < a.depth; k += kProductBlock) {
    ProductArgs block = a;
    block.windows.first += k;
    block.w += k * a.w_row;
    block.depth = a.depth - k < kProductBlock ? a.depth - k : kProductBlock;
    if (a.cols <= 2) {
      turned_block<2>(block, sums);
    } else if (a.cols <= 4) {
      turned_block<4>(block, sums);
    } else if (a.cols <= 6) {
      turned_block<6>(block, sums);
    } else {
      turned_block<kMostNarrow>(block, sums);
    }
  }
  float lines[kTurnedRows * kLanes] = {};
  for (int64_t i = 0; i < a.rows; ++i) {
    for (int64_t j = 0; j < a.cols; ++j) lines[i * kLanes + j] = sums[j][i] + 0.0F;
  }
  if (!is_store(a.epilogue)) return finish(a, lines, kLanes, 0, a.rows);
  for (int64_t i = 0; i < a.rows; ++i) {
    store(hn::LoadU(kTag, lines + i * kLanes), a.y + i * a.y_row, a.cols);
  }
}

/// A product of transposed windows, in parts of kTurnedRows elements.
inline void turned(const ProductArgs& a) {
  for (int64_t i = 0; i < a.rows; i += kTurnedRows) {
    ProductArgs part = a;
    advance_rows(part, i);
    part.rows = a.rows - i < kTurnedRows ? a.rows - i : kTurnedRows;
    turned_part(part);
  }
}

#else

inline bool is_turned(const ProductArgs&) {
  return false;
}
inline void turned(const ProductArgs&) {}

#endif

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_TURNED_INL_H_
