// Compiled once per target. The k that a tile of a product visits.

#if defined(CORNU_KERNELS_VISITS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_VISITS_INL_H_
#undef CORNU_KERNELS_VISITS_INL_H_
#else
#define CORNU_KERNELS_VISITS_INL_H_
#endif

#include "cornu/kernels/peak-inl.h"
#include "cornu/kernels/product.h"
#include "cornu/kernels/sparse-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// The k that a tile visits: all of them.
template <int kRows>
class EveryK {
 public:
  static constexpr bool kPacked = true;  ///< w is whole vectors wide
  CORNU_INLINE EveryK(const ProductArgs& a, int64_t /*i*/) : depth_(a.depth) {}
  /// Visits some of them; returns whether there were any.
  template <class Step>
  CORNU_INLINE bool visit_part(int64_t begin, int64_t end, const Step& step) const {
    for (int64_t k = begin; k < end; ++k) step(k);
    return end > begin;
  }
  template <class X, class Step>
  CORNU_INLINE void visit(const X& x, const Step& step) const {
    int64_t k = 0;
    for (; k + kLine <= depth_; k += kLine) {
      x.ask_for_next(k);
      for (int64_t j = 0; j < kLine; ++j) step(k + j);
    }
    for (; k < depth_; ++k) step(k);
  }

 private:
  static constexpr int64_t kLine = 16;
  int64_t depth_;
};

/// The k that a tile visits: those at which some row of the tile is not zero.
template <int kRows>
class NonzeroK {
 public:
  static constexpr bool kPacked = true;
  CORNU_INLINE NonzeroK(const ProductArgs& a, int64_t i)
      : bits_(a.nonzero + i), word_(a.nonzero_word), depth_(a.depth) {}
  template <class X, class Step>
  CORNU_INLINE void visit(const X&, const Step& step) const {
    const uint64_t* word = bits_;
    for (int64_t first = 0; first < depth_; first += 64, word += word_) {
      uint64_t bits = 0;
      CORNU_UNROLL
      for (int r = 0; r < kRows; ++r) bits |= word[r];
      for (; bits != 0; bits &= bits - 1) step(first + __builtin_ctzll(bits));
    }
  }
  template <class Step>
  CORNU_INLINE bool visit_part(int64_t begin, int64_t end, const Step& step) const {
    uint64_t any = 0;
    for (int64_t k = begin; k < end;) {
      const int64_t first = k / 64 * 64;
      const int64_t left = end - first;
      const uint64_t* const word = bits_ + k / 64 * word_;
      uint64_t bits = 0;
      CORNU_UNROLL
      for (int r = 0; r < kRows; ++r) bits |= word[r];
      bits &= ~uint64_t{0} << (k - first);
      if (left < 64) bits &= (uint64_t{1} << left) - 1;
      any |= bits;
      for (; bits != 0; bits &= bits - 1) step(first + __builtin_ctzll(bits));
      k = first + 64;
    }
    return any != 0;
  }

 private:
  const uint64_t* bits_;
  int64_t word_, depth_;
};

/// The k that a tile of one row visits: those at which it is not zero, found on the way.
template <int kRows>
class FoundK {
 public:
  static_assert(kRows == 1);
  static constexpr bool kPacked = false;
  CORNU_INLINE FoundK(const ProductArgs& a, int64_t i) : x_(a.x + i * a.x_row), depth_(a.depth) {}
  template <class X, class Step>
  CORNU_INLINE void visit(const X&, const Step& step) const {
    for (int64_t first = 0; first < depth_; first += 64) {
      const int64_t left = depth_ - first;
      uint64_t bits = nonzero_bits_of(x_ + first, left < 64 ? left : 64);
      for (; bits != 0; bits &= bits - 1) step(first + __builtin_ctzll(bits));
    }
  }

 private:
  const float* x_;
  int64_t depth_;
};

/// The fewest rows (samples, or pixels if x is transposed) that share a list of k: more rows skip
/// fewer zeros, few rows of few vectors have too few sums to hide the latency of an fma.
constexpr int fewest_listed(int vectors) {
  return kLanes == 8 || vectors <= 2 ? 4 : 2;
}

/// Whether four rows that share a list take less time than two, by some rows of all. On a core that
/// starts two fma a cycle, the eight sums of two rows wait for each other: each delay is lost, as
/// none is ahead of its turn. For each k they take about 1.3 times as long as those of four rows.
/// Where a product has several chains, the end of each is mispredicted, which takes as long as some
/// k of one row.
inline bool lists_four(const ProductArgs& block) {
  constexpr int64_t kSeen = 16;
  constexpr int64_t kEndOfChain = 10;
  const int64_t apart = block.rows / (4 * kSeen) * 4 + 4;
  int64_t of_two = 0;
  int64_t of_four = 0;
  int64_t tiles = 0;  // of four rows
  for (int64_t i = 0; i + 4 <= block.rows; i += apart) ++tiles;
  const uint64_t* word = block.nonzero;
  for (int64_t first = 0; first < block.depth; first += 64, word += block.nonzero_word) {
    for (int64_t i = 0; i + 4 <= block.rows; i += apart) {
      const uint64_t a = word[i] | word[i + 1];
      const uint64_t b = word[i + 2] | word[i + 3];
      of_two += 2 * (__builtin_popcountll(a) + __builtin_popcountll(b));
      of_four += 4 * __builtin_popcountll(a | b);
    }
  }
  const int64_t ends = block.chains > 1 ? tiles * block.chains * kEndOfChain : 0;
  return (of_four + ends) * 10 < of_two * (eight_sums_wait() ? 13 : 10) + 20 * ends;
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_VISITS_INL_H_
