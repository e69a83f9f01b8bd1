#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

/// The line of a table that an index means: the nearest that there is, and the first for NaN.
template <class T>
int64_t table_line(T index, int64_t lines) {
  if (!(index >= 1)) return 0;  // also for NaN
  return index >= static_cast<T>(lines) ? lines - 1 : static_cast<int64_t>(index);
}

template <class T>
struct EmbeddingArgsOf {
  const T* x;
  int64_t size;  ///< of x
  const T* table;
  int64_t lines, cols;  ///< of the table
  T* y;                 ///< y[i, ·] = table[x[i], ·]
};

/// dtable[x[i], ·] += dy[i, ·], i ascending, of all indices that mean one of the lines from `begin`
/// up to `end`, which are 0 before unless `accumulate`.
template <class T>
struct EmbeddingBackArgsOf {
  const T* x;
  int64_t size;
  const T* dy;
  T* dtable;
  int64_t lines, cols;
  int64_t begin, end;
  bool accumulate;
};

/// Lines of a table by their indices.
template <class T>
struct EmbeddingKernelsOf {
  void (*embedding)(const EmbeddingArgsOf<T>&);
  void (*embedding_back)(const EmbeddingBackArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
