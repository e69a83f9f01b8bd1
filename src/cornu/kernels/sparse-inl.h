// Compiled once per target. Sums of products that leave out zeros: the sums stay in registers while
// a list of terms is visited; lanes run along a span.

#if defined(CORNU_KERNELS_SPARSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_SPARSE_INL_H_
#undef CORNU_KERNELS_SPARSE_INL_H_
#else
#define CORNU_KERNELS_SPARSE_INL_H_
#endif

#include "cornu/kernels/sparse.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

using Term = TermOf<float>;

/// Bit j is set where x[j] is not 0 (or NaN), for j < count ≤ 64.
CORNU_INLINE uint64_t nonzero_bits_of(const float* x, int64_t count) {
  uint64_t bits = 0;
#ifdef CORNU_PORTABLE
  for (int64_t j = 0; j < count; ++j) bits |= static_cast<uint64_t>(x[j] != 0) << j;
#else
  for_each_vector(count, [&](int64_t j, int64_t lanes) CORNU_LAMBDA {
    // Not `Ne`, which is false for a NaN on some targets.
    const auto is_nonzero = hn::Not(hn::Eq(load(x + j, lanes), hn::Zero(kTag)));
    uint8_t stored[8] = {};
    hn::StoreMaskBits(kTag, is_nonzero, stored);
    // As many bytes as were stored: a load of more would wait for the store.
    std::conditional_t<kLanes == 16, uint16_t, uint8_t> part = 0;
    __builtin_memcpy(&part, stored, sizeof part);
    bits |= static_cast<uint64_t>(part) << j;
  });
#endif
  return bits;
}

inline int64_t count_nonzero(const float* x, int64_t size) {
  int64_t count = 0;
  int64_t i = 0;
  for (; i + 64 <= size; i += 64) count += __builtin_popcountll(nonzero_bits_of(x + i, 64));
  if (i < size) count += __builtin_popcountll(nonzero_bits_of(x + i, size - i));
  return count;
}

/// 0 · x is NaN where x is not finite.
inline bool all_finite(const float* x, int64_t size) {
  Vector zeros[4] = {constant(0), constant(0), constant(0), constant(0)};
  int64_t i = 0;
  for (; i + 4 * kLanes <= size; i += 4 * kLanes) {
    CORNU_UNROLL
    for (int j = 0; j < 4; ++j) {
      zeros[j] = hn::Add(zeros[j], hn::Mul(hn::LoadU(kTag, x + i + j * kLanes), constant(0)));
    }
  }
  Vector all = hn::Add(hn::Add(zeros[0], zeros[1]), hn::Add(zeros[2], zeros[3]));
  for_each_vector(size - i, [&](int64_t j, int64_t count) CORNU_LAMBDA {
    all = hn::Add(all, hn::Mul(load(x + i + j, count), constant(0)));
  });
  float lanes[kLanes];
  store(all, lanes, kLanes);
  for (const float lane : lanes) {
    if (!(lane == 0)) return false;
  }
  return true;
}

/// f(r, c) for each element that is not 0, row by row; end(r) behind each row.
template <class F, class End>
CORNU_INLINE void for_each_nonzero(const ListTermsArgsOf<float>& a, const F& f, const End& end) {
  for (int64_t r = 0; r < a.rows; ++r) {
    for (int64_t first = 0; first < a.cols; first += 64) {
      const int64_t count = a.cols - first < 64 ? a.cols - first : 64;
      uint64_t bits = nonzero_bits_of(a.x + r * a.x_row + first, count);
      for (; bits != 0; bits &= bits - 1) f(r, first + __builtin_ctzll(bits));
    }
    end(r);
  }
}

inline void list_terms(const ListTermsArgsOf<float>& all) {
  const ListTermsArgsOf<float> a = all;  // a copy, which no store can change
  if (a.by_columns) {
    for (int64_t c = 0; c < a.cols; ++c) a.begins[c] = a.ends[c] = c * a.apart;
    const auto list = [&](int64_t r, int64_t c) CORNU_LAMBDA {
      a.terms[a.ends[c]++] = {a.from[r], a.x[r * a.x_row + c]};
    };
    return for_each_nonzero(a, list, [](int64_t) CORNU_LAMBDA {});
  }
  Term* at = a.terms;
  if (a.rows > 0) a.begins[0] = 0;
  const auto list = [&](int64_t r, int64_t c) CORNU_LAMBDA {
    *at++ = {a.from[c], a.x[r * a.x_row + c]};
  };
  for_each_nonzero(a, list, [&](int64_t r) CORNU_LAMBDA {
    a.ends[r] = at - a.terms;
    if (r + 1 < a.rows) a.begins[r + 1] = a.ends[r];
  });
}

// The sums of a block fit in registers, with a term's value and a vector of its numbers: 32
// (AVX-512, NEON) or 16 (AVX2).
constexpr int kMostSpanVectors = 6;
#if defined(CORNU_PORTABLE)
constexpr int kBlockSums = 1;
#elif HWY_TARGET == HWY_AVX2
constexpr int kBlockSums = 12;
#else
constexpr int kBlockSums = 18;
#endif

/// The spans of a block whose spans have so many vectors: no more than a kernel's nine pixels.
constexpr int block_spans(int vectors) {
  const int spans = kBlockSums / vectors;
  return spans < 1 ? 1 : spans > 9 ? 9 : spans;
}

/// What a block adds to: spans from `span` on, of each the elements from `begin` on. The last
/// vector begins `last` elements behind that: it may overlap the one before it, and computes the
/// elements that they share too.
struct SpanPart {
  int64_t span, begin, last;
};

/// Adds the terms of `lists` lists from `first` on to a part of kSpans spans of kVectors.
template <int kSpans, int kVectors>
void add_block(const AddTermsArgsOf<float>& a, int64_t first, int64_t lists, SpanPart part) {
  const AddTermsArgsOf<float> args = a;  // a copy, which no store can change
  int64_t from_offset[kSpans];
  int64_t to_offset[kSpans];
  CORNU_UNROLL
  for (int s = 0; s < kSpans; ++s) {
    from_offset[s] = a.from_offset[part.span + s] + part.begin;
    to_offset[s] = a.to_offset[part.span + s] + part.begin;
  }
  const auto at = [&](int v) CORNU_LAMBDA { return v + 1 < kVectors ? v * kLanes : part.last; };
  for (int64_t list = first; list < first + lists; ++list) {
    const Term* term = args.terms + args.begins[list];
    const Term* const end = args.terms + args.ends[list];
    if (term == end) continue;
    float* const to = args.to[list];
    Vector sums[kSpans][kVectors];
    CORNU_UNROLL
    for (int s = 0; s < kSpans; ++s) {
      CORNU_UNROLL
      for (int v = 0; v < kVectors; ++v) sums[s][v] = hn::LoadU(kTag, to + to_offset[s] + at(v));
    }
    for (; term != end; ++term) {
      const Vector value = constant(term->value);
      CORNU_UNROLL
      for (int s = 0; s < kSpans; ++s) {
        const float* const from = term->from + from_offset[s];
        CORNU_UNROLL
        for (int v = 0; v < kVectors; ++v) {
          sums[s][v] = multiply_add(value, hn::LoadU(kTag, from + at(v)), sums[s][v]);
        }
      }
    }
    CORNU_UNROLL
    for (int s = 0; s < kSpans; ++s) {
      CORNU_UNROLL
      for (int v = 0; v < kVectors; ++v) hn::StoreU(sums[s][v], kTag, to + to_offset[s] + at(v));
    }
  }
}

template <int kSpans, int kVectors>
CORNU_INLINE void add_blocks(const AddTermsArgsOf<float>& a, int64_t first, int64_t lists,
                             SpanPart part) {
  for (; part.span + kSpans <= a.spans; part.span += kSpans) {
    add_block<kSpans, kVectors>(a, first, lists, part);
  }
  if constexpr (kSpans > 1) {
    constexpr int kFewer = kSpans > 4 ? 4 : kSpans > 2 ? 2 : 1;
    add_blocks<kFewer, kVectors>(a, first, lists, part);
  }
}

/// The same for a number of vectors that is known now.
template <int kVectors = 1>
CORNU_INLINE void add_part(const AddTermsArgsOf<float>& a, int64_t first, int64_t lists,
                           int64_t vectors, const SpanPart& part) {
  if (vectors == kVectors) {
    return add_blocks<block_spans(kVectors), kVectors>(a, first, lists, part);
  }
  if constexpr (kVectors < kMostSpanVectors) {
    add_part<kVectors + 1>(a, first, lists, vectors, part);
  }
}

/// Whether one block has all spans, so that it may visit list after list.
inline bool is_one_block(int64_t spans, int64_t vectors) {
  if (vectors > kMostSpanVectors) return false;
  const int most = block_spans(static_cast<int>(vectors));
  return spans == 1 || spans == most || (spans == 2 && most > 2) || (spans == 4 && most > 4);
}

/// Spans shorter than a vector.
inline void add_short(const AddTermsArgsOf<float>& a, int64_t list) {
  for (int64_t s = 0; s < a.spans; ++s) {
    float* const to = a.to[list] + a.to_offset[s];
    Vector sum = load(to, a.span);
    for (int64_t n = a.begins[list]; n < a.ends[list]; ++n) {
      const Vector from = load(a.terms[n].from + a.from_offset[s], a.span);
      sum = multiply_add(constant(a.terms[n].value), from, sum);
    }
    store(sum, to, a.span);
  }
}

inline void add_terms(const AddTermsArgsOf<float>& a) {
  if (a.span < kLanes) {
    for (int64_t list = 0; list < a.lists; ++list) add_short(a, list);
    return;
  }
  const int64_t vectors = (a.span + kLanes - 1) / kLanes;
  if (is_one_block(a.spans, vectors)) {
    return add_part(a, 0, a.lists, vectors, {0, 0, a.span - kLanes});
  }
  // Parts are as equal as they can be, so that also the last one has a whole vector.
  const int64_t parts = (vectors + kMostSpanVectors - 1) / kMostSpanVectors;
  for (int64_t list = 0; list < a.lists; ++list) {
    if (a.begins[list] == a.ends[list]) continue;
    for (int64_t part = 0; part < parts; ++part) {
      const int64_t first = vectors * part / parts;
      const int64_t next = vectors * (part + 1) / parts;
      const int64_t begin = first * kLanes;
      const int64_t end = next * kLanes < a.span ? next * kLanes : a.span;
      add_part(a, list, 1, next - first, {0, begin, end - begin - kLanes});
    }
  }
}

constexpr SparseKernelsOf<float> kSparseKernels = {
    .count_nonzero = count_nonzero,
    .all_finite = all_finite,
    .list_terms = list_terms,
    .add_terms = add_terms,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_SPARSE_INL_H_
