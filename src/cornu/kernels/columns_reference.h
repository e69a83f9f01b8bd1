#pragma once

// kernels/columns.h as plain loops.

#include <cmath>

#include "cornu/kernels/columns.h"

namespace cornu::inline v0::kernels {

template <class T>
struct ColumnsReference {
  static void put(T& to, T value, bool accumulate) { to = accumulate ? to + value : value; }

  /// f(i, j) for each number of the lines.
  template <class Args, class F>
  static void for_each(const Args& a, const F& f) {
    for (int64_t i = 0; i < a.lines; ++i) {
      for (int64_t j = 0; j < a.cols; ++j) f(i, j);
    }
  }

  static void scale_columns(const ScaleColumnsArgsOf<T>& a) {
    for_each(a, [&](int64_t i, int64_t j) {
      const T given = a.x[i * a.x_row + j];
      const T x = a.mean == nullptr ? given : given - a.mean[j];
      put(a.y[i * a.y_row + j],
          a.shift == nullptr ? x * a.scale[j] : std::fma(x, a.scale[j], a.shift[j]), a.accumulate);
    });
  }

  static void normalize_back(const NormalizeBackArgsOf<T>& a) {
    for_each(a, [&](int64_t i, int64_t j) {
      const T off = a.x[i * a.x_row + j] - a.mean[j];
      const T dy = a.dy[i * a.dy_row + j] - a.shift[j];
      put(a.dx[i * a.dx_row + j], a.scale[j] * std::fma(-off, a.slope[j], dy), a.accumulate);
    });
  }

  static void line_back(const LineBackArgsOf<T>& a) {
    for (int64_t j = 0; j < a.cols; ++j) {
      const T normal = (a.x[j] - a.mean) * a.inverse;
      const T dy = a.gamma == nullptr ? a.dy[j] : a.dy[j] * a.gamma[j];
      put(a.dx[j], a.inverse * std::fma(-normal, a.slope, dy - a.shift), a.accumulate);
    }
  }

  static void parametric_relu(const ParametricReluArgsOf<T>& a) {
    for_each(a, [&](int64_t i, int64_t j) {
      const int64_t at = i * a.row + j;
      a.y[at] = a.x[at] > 0 ? a.x[at] : a.alpha[j] * a.x[at];
    });
  }

  static void parametric_relu_back(const ParametricReluBackArgsOf<T>& a) {
    for_each(a, [&](int64_t i, int64_t j) {
      const int64_t at = i * a.row + j;
      const T x = a.x[at];
      const T dx = x > 0 ? a.dy[at] : a.dy[at] * (x < 0 ? a.alpha[j] : x * 0);
      // Compilers may make the choice a product with 1, which flushes a denormal; + 0 always does.
      put(a.dx[at], dx + 0, a.accumulate);
    });
  }

  static void parametric_relu_alpha(const ParametricReluAlphaArgsOf<T>& a) {
    for_each(a, [&](int64_t i, int64_t j) {
      const int64_t at = i * a.row + j;
      if (!(a.x[at] > 0)) a.dalpha[j] = std::fma(a.dy[at], a.x[at], a.dalpha[j]);
    });
  }

  static void sum_rows(const SumRowsArgsOf<T>& a) {
    for (int64_t j = 0; j < a.cols; ++j) {
      T chain = a.accumulate ? a.y[j] : 0;
      for (int64_t i = 0; i < a.rows; ++i) chain = chain + a.x[i * a.x_row + j];
      a.y[j] = chain;
    }
  }

  static constexpr ColumnKernelsOf<T> kKernels = {
      .sum_rows = sum_rows,
      .scale_columns = scale_columns,
      .normalize_back = normalize_back,
      .line_back = line_back,
      .parametric_relu = parametric_relu,
      .parametric_relu_back = parametric_relu_back,
      .parametric_relu_alpha = parametric_relu_alpha,
  };
};

}  // namespace cornu::inline v0::kernels
