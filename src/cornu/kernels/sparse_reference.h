#pragma once

// kernels/sparse.h as plain loops.

#include <cmath>

#include "cornu/kernels/sparse.h"

namespace cornu::inline v0::kernels {

template <class T>
struct SparseReference {
  static int64_t count_nonzero(const T* x, int64_t size) {
    int64_t count = 0;
    for (int64_t i = 0; i < size; ++i) count += x[i] != 0 ? 1 : 0;
    return count;
  }

  static bool all_finite(const T* x, int64_t size) {
    for (int64_t i = 0; i < size; ++i) {
      if (!std::isfinite(x[i])) return false;
    }
    return true;
  }

  static void list_terms(const ListTermsArgsOf<T>& a) {
    const auto list = [&](int64_t i, int64_t begin, int64_t count, const auto& value,
                          const auto& from) {
      a.begins[i] = a.ends[i] = begin;
      for (int64_t j = 0; j < count; ++j) {
        if (value(j) != 0) a.terms[a.ends[i]++] = {from(j), value(j)};
      }
    };
    if (a.by_columns) {
      for (int64_t c = 0; c < a.cols; ++c) {
        list(
            c, c * a.apart, a.rows, [&](int64_t r) { return a.x[r * a.x_row + c]; },
            [&](int64_t r) { return a.from[r]; });
      }
      return;
    }
    for (int64_t r = 0; r < a.rows; ++r) {
      list(
          r, r == 0 ? 0 : a.ends[r - 1], a.cols, [&](int64_t c) { return a.x[r * a.x_row + c]; },
          [&](int64_t c) { return a.from[c]; });
    }
  }

  static void add_terms(const AddTermsArgsOf<T>& a) {
    for (int64_t i = 0; i < a.lists; ++i) {
      for (int64_t n = a.begins[i]; n < a.ends[i]; ++n) {
        const TermOf<T>& term = a.terms[n];
        for (int64_t s = 0; s < a.spans; ++s) {
          for (int64_t e = 0; e < a.span; ++e) {
            T& sum = a.to[i][a.to_offset[s] + e];
            sum = std::fma(term.value, term.from[a.from_offset[s] + e], sum);
          }
        }
      }
    }
  }

  static constexpr SparseKernelsOf<T> kKernels = {
      .count_nonzero = count_nonzero,
      .all_finite = all_finite,
      .list_terms = list_terms,
      .add_terms = add_terms,
  };
};

}  // namespace cornu::inline v0::kernels
