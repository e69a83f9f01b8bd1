// Compiled once per target. Bits that mark nonzero numbers.

#if defined(CORNU_KERNELS_NONZERO_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_NONZERO_INL_H_
#undef CORNU_KERNELS_NONZERO_INL_H_
#else
#define CORNU_KERNELS_NONZERO_INL_H_
#endif

#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// The bits of 64 elements.
template <class X>
CORNU_INLINE uint64_t nonzero_bits(const X* x, X zero) {
  uint64_t bits = 0;
#ifdef CORNU_PORTABLE
  for (int64_t j = 0; j < 64; ++j) bits |= static_cast<uint64_t>(x[j] != zero) << j;
#else
  const hn::ScalableTag<X> tag;
  constexpr size_t kCount = hn::MaxLanes(tag);
  CORNU_UNROLL
  for (size_t j = 0; j < 64; j += kCount) {
    uint8_t stored[8];
    // Not `Ne`, which is false for a NaN on some targets.
    hn::StoreMaskBits(tag, hn::Not(hn::Eq(hn::LoadU(tag, x + j), hn::Set(tag, zero))), stored);
    hwy::UnsignedFromSize<(kCount + 7) / 8> part;
    __builtin_memcpy(&part, stored, sizeof part);
    bits |= uint64_t{part} << j;
  }
#endif
  return bits;
}

/// Prefetches 64 elements.
template <class X>
CORNU_INLINE void ask_for(const X* x) {
  constexpr int kLine = 64 / sizeof(X);
  CORNU_UNROLL
  for (int j = 0; j < 64; j += kLine) __builtin_prefetch(x + j);
}

template <class X>
void nonzero_of(const NonzeroArgs& a, X zero) {
  // Rows may lie anywhere, so the CPU does not foresee the next one.
  constexpr int64_t kAhead = 4;
  const int64_t whole = a.cols / 64 * 64;
  for (int64_t i = 0; i < a.rows; ++i) {
    const auto* const x = static_cast<const X*>(a.x[i]);
    const auto* const next = static_cast<const X*>(a.x[i + kAhead < a.rows ? i + kAhead : i]);
    for (int64_t j = 0; j < whole; j += 64) {
      ask_for(next + j);
      a.bits[j / 64 * a.bits_word + i] = nonzero_bits(x + j, zero);
    }
    if (whole == a.cols) continue;
    X last[64];
    for (X& element : last) element = zero;
    __builtin_memcpy(last, x + whole, static_cast<size_t>(a.cols - whole) * sizeof(X));
    a.bits[whole / 64 * a.bits_word + i] = nonzero_bits(last, zero);
  }
}

inline void nonzero(const NonzeroArgs& a) {
  if (a.dtype == DType::uint8) return nonzero_of<uint8_t>(a, a.zero);
  nonzero_of<float>(a, 0);
}

/// In each field of 2·kShift bits, exchanges the high half of word i with the low half of word
/// i + kApart.
template <int kApart, int kShift>
CORNU_INLINE void exchange(uint64_t (&words)[64]) {
  constexpr uint64_t kLow = ~uint64_t{0} / ((uint64_t{1} << kShift) + 1);
#ifdef CORNU_PORTABLE
  for (int i = 0; i < 64; ++i) {
    if ((i & kApart) != 0) continue;
    const uint64_t swapped = ((words[i] >> kShift) ^ words[i + kApart]) & kLow;
    words[i] ^= swapped << kShift;
    words[i + kApart] ^= swapped;
  }
#else
  const hn::ScalableTag<uint64_t> tag;
  constexpr int kCount = static_cast<int>(hn::MaxLanes(tag));
  CORNU_UNROLL
  for (int i = 0; i < 64; i += kCount) {
    if ((i & kApart) != 0) continue;
    const auto first = hn::LoadU(tag, words + i);
    const auto second = hn::LoadU(tag, words + i + kApart);
    const auto swapped =
        hn::And(hn::Xor(hn::ShiftRight<kShift>(first), second), hn::Set(tag, kLow));
    hn::StoreU(hn::Xor(first, hn::ShiftLeft<kShift>(swapped)), tag, words + i);
    hn::StoreU(hn::Xor(second, swapped), tag, words + i + kApart);
  }
#endif
}

/// Transposes the words as an 8 × 8 matrix, so that `exchange` runs over neighbours for words that
/// are near each other, too.
CORNU_INLINE void turn(const uint64_t (&from)[64], uint64_t (&to)[64]) {
  for (int r = 0; r < 64; ++r) {
    to[r % 8 * 8 + r / 8] = from[r];
    asm volatile("" : : : "memory");  // or compilers use scatters, which take longer
  }
}

/// Transposes 64 × 64 bits, by halves (Warren, Hacker's Delight, 2002, 7-3).
CORNU_INLINE void transpose_square(uint64_t (&square)[64]) {
  exchange<32, 32>(square);
  exchange<16, 16>(square);
  exchange<8, 8>(square);
  uint64_t turned[64];
  turn(square, turned);
  exchange<32, 4>(turned);
  exchange<16, 2>(turned);
  exchange<8, 1>(turned);
  turn(turned, square);
}

inline void transpose_bits(const TransposeBitsArgs& a) {
  for (int64_t i = 0; i < a.rows; i += 64) {
    const int64_t rows = a.rows - i < 64 ? a.rows - i : 64;
    for (int64_t j = 0; j < a.cols; j += 64) {
      const int64_t cols = a.cols - j < 64 ? a.cols - j : 64;
      uint64_t square[64] = {};
      __builtin_memcpy(square, a.x + j / 64 * a.x_word + i, static_cast<size_t>(rows) * 8);
      transpose_square(square);
      __builtin_memcpy(a.y + i / 64 * a.y_word + j, square, static_cast<size_t>(cols) * 8);
    }
  }
}

inline int64_t count_bits(const CountBitsArgs& a) {
  int64_t count = 0;
  for (int64_t first = 0; first < a.cols; first += 64) {
    const uint64_t* bits = a.bits + first / 64 * a.bits_word;
    for (int64_t i = 0; i < a.rows; i += a.group) {
      uint64_t together = 0;
      const int64_t end = i + a.group < a.rows ? i + a.group : a.rows;
      for (int64_t r = i; r < end; ++r) together |= bits[r];
      count += __builtin_popcountll(together);
    }
  }
  return count;
}

constexpr NonzeroKernelsOf<float> kNonzeroKernels = {
    .nonzero = nonzero,
    .transpose_bits = transpose_bits,
    .count_bits = count_bits,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_NONZERO_INL_H_
