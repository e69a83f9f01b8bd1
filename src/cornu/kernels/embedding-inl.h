// Compiled once per target. Lines of a table by their indices.

#if defined(CORNU_KERNELS_EMBEDDING_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_EMBEDDING_INL_H_
#undef CORNU_KERNELS_EMBEDDING_INL_H_
#else
#define CORNU_KERNELS_EMBEDDING_INL_H_
#endif

#include <algorithm>

#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

inline void embedding(const EmbeddingArgsOf<float>& a) {
  for (int64_t i = 0; i < a.size; ++i) {
    const float* const from = a.table + table_line(a.x[i], a.lines) * a.cols;
    float* const to = a.y + i * a.cols;
    for_each_vector(a.cols, [&](int64_t j, int64_t count)
                                CORNU_LAMBDA { store(load(from + j, count), to + j, count); });
  }
}

inline void embedding_back(const EmbeddingBackArgsOf<float>& a) {
  if (!a.accumulate) {
    std::fill(a.dtable + a.begin * a.cols, a.dtable + a.end * a.cols, 0.0F);
  }
  for (int64_t i = 0; i < a.size; ++i) {
    const int64_t line = table_line(a.x[i], a.lines);
    if (line < a.begin || line >= a.end) continue;
    float* const to = a.dtable + line * a.cols;
    for_each_vector(a.cols, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      assign_or_add(load(a.dy + i * a.cols + j, count), to + j, count, true);
    });
  }
}

constexpr EmbeddingKernelsOf<float> kEmbeddingKernels = {
    .embedding = embedding,
    .embedding_back = embedding_back,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_EMBEDDING_INL_H_
