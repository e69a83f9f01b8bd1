#pragma once

// kernels/embedding.h as plain loops.

#include <algorithm>

#include "cornu/kernels/embedding.h"

namespace cornu::inline v0::kernels {

template <class T>
struct EmbeddingReference {
  static void embedding(const EmbeddingArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      std::copy_n(a.table + table_line(a.x[i], a.lines) * a.cols, a.cols, a.y + i * a.cols);
    }
  }

  static void embedding_back(const EmbeddingBackArgsOf<T>& a) {
    if (!a.accumulate) std::fill(a.dtable + a.begin * a.cols, a.dtable + a.end * a.cols, T{0});
    for (int64_t i = 0; i < a.size; ++i) {
      const int64_t line = table_line(a.x[i], a.lines);
      if (line < a.begin || line >= a.end) continue;
      for (int64_t j = 0; j < a.cols; ++j) a.dtable[line * a.cols + j] += a.dy[i * a.cols + j];
    }
  }

  static constexpr EmbeddingKernelsOf<T> kKernels = {
      .embedding = embedding,
      .embedding_back = embedding_back,
  };
};

}  // namespace cornu::inline v0::kernels
