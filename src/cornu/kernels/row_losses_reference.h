#pragma once

// The losses of kernels/row_losses.h as plain loops that add in the same order as
// row_losses-inl.h.

#include <cmath>

#include "cornu/kernels/row_losses.h"
#include "cornu/kernels/rows_reference.h"

namespace cornu::inline v0::kernels {

template <class T>
struct RowLossesReference : RowsReference<T> {
  using Base = RowsReference<T>;

  static T dot(const T* a, const T* b, int64_t cols) {
    return Base::sum(cols, [&](T lane, int64_t j) { return std::fma(a[j], b[j], lane); });
  }

  struct HingeParts {
    T value, largest;
  };
  static HingeParts hinge_parts(const T* p, const T* t, int64_t cols) {
    const T largest = Base::largest_of(cols, [&](int64_t j) { return (1 - t[j]) * p[j]; });
    return {largest - dot(t, p, cols) + 1, largest};
  }

  static void categorical_hinge(const RowLossArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T value = hinge_parts(a.y_pred + i * a.cols, a.y_true + i * a.cols, a.cols).value;
      a.loss[i] = value < 0 ? 0 : value;
    }
  }

  static void categorical_hinge_back(const RowLossBackArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* p = a.y_pred + i * a.cols;
      const T* t = a.y_true + i * a.cols;
      const HingeParts parts = hinge_parts(p, t, a.cols);
      const auto chosen = [&](int64_t j) -> T { return (1 - t[j]) * p[j] == parts.largest; };
      const T count = Base::sum(a.cols, [&](T lane, int64_t j) { return lane + chosen(j); });
      const T weight = parts.value >= 0 ? a.scale : 0;
      for (int64_t j = 0; j < a.cols; ++j) {
        const T share = chosen(j) * (1 - t[j]) / count;
        Base::put(a.dy_pred[i * a.cols + j], (share - t[j]) * weight, a.accumulate);
      }
    }
  }

  static constexpr T kMostInverse = 1e7;

  static T inverse_norm(const T* x, int64_t cols) {
    const T inverse = 1 / std::sqrt(dot(x, x, cols));
    return inverse > kMostInverse ? kMostInverse : inverse;
  }
  static T cosine(const T* p, T np, const T* t, T nt, int64_t cols) {
    return Base::sum(cols, [&](T lane, int64_t j) { return std::fma(t[j] * nt, p[j] * np, lane); });
  }

  static void cosine_similarity(const RowLossArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* p = a.y_pred + i * a.cols;
      const T* t = a.y_true + i * a.cols;
      a.loss[i] = 0 - cosine(p, inverse_norm(p, a.cols), t, inverse_norm(t, a.cols), a.cols);
    }
  }

  static void cosine_similarity_back(const RowLossBackArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* p = a.y_pred + i * a.cols;
      const T* t = a.y_true + i * a.cols;
      const T np = inverse_norm(p, a.cols);
      const T nt = inverse_norm(t, a.cols);
      const T along = np >= kMostInverse ? 0 : cosine(p, np, t, nt, a.cols);
      for (int64_t j = 0; j < a.cols; ++j) {
        const T d = p[j] * np * along - t[j] * nt;
        Base::put(a.dy_pred[i * a.cols + j], d * (np * a.scale), a.accumulate);
      }
    }
  }

  static constexpr RowLossKernelsOf<T> kKernels = {
      .categorical_hinge = categorical_hinge,
      .categorical_hinge_back = categorical_hinge_back,
      .cosine_similarity = cosine_similarity,
      .cosine_similarity_back = cosine_similarity_back,
  };
};

}  // namespace cornu::inline v0::kernels
