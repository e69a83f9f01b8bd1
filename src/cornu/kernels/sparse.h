#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

// Sums of products that leave out the terms whose factor is 0.

/// One term of a sum of vectors: value · the numbers at `from`.
template <class T>
struct TermOf {
  const T* from;
  T value;
};

/// Lists the elements of x that are not 0 (NaN among them), in ascending order: a list for each
/// row, one behind the other, or with `by_columns` a list for each column, `apart` terms from one
/// to the next. List i is terms + begins[i] … terms + ends[i].
template <class T>
struct ListTermsArgsOf {
  const T* x;
  int64_t x_row;
  int64_t rows, cols;
  bool by_columns;
  const T* const* from;  ///< of an element's term: by column, or with `by_columns` by row
  TermOf<T>* terms;
  int64_t apart;
  int64_t* begins;
  int64_t* ends;
};

/// For each list, in order: to[i][to_offset[s] + e] = an fma chain that begins with that number and
/// goes on with value · from[from_offset[s] + e], term by term, for all e < span of all spans s.
/// The spans of one list do not overlap.
template <class T>
struct AddTermsArgsOf {
  const TermOf<T>* terms;
  const int64_t* begins;
  const int64_t* ends;
  int64_t lists;
  T* const* to;  ///< by list
  const int64_t* from_offset;
  const int64_t* to_offset;
  int64_t spans, span;
};

/// Counting numbers that are not 0, and sums over them.
template <class T>
struct SparseKernelsOf {
  /// The number of elements that are not 0, NaN among them.
  int64_t (*count_nonzero)(const T* x, int64_t size);
  /// Whether no element is NaN or infinite.
  bool (*all_finite)(const T* x, int64_t size);
  void (*list_terms)(const ListTermsArgsOf<T>&);
  void (*add_terms)(const AddTermsArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
