#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

// Kernels on `lines` lines of `cols` numbers, consecutive lines `row` numbers apart (the stride),
// or those of x `x_row` numbers; mean, scale etc. have `cols` numbers.

/// y[i, j] = fma(x[i, j] − mean[j], scale[j], shift[j]). A null mean counts as 0; with a null
/// shift, y = (x − mean) · scale. Adds to y if `accumulate`, else overwrites it.
template <class T>
struct ScaleColumnsArgsOf {
  const T* x;
  int64_t x_row;
  T* y;
  int64_t y_row;
  int64_t lines, cols;
  const T* mean;  ///< or null
  const T* scale;
  const T* shift;  ///< or null
  bool accumulate;
};

/// dx[i, j] = scale[j] · fma(mean[j] − x[i, j], slope[j], dy[i, j] − shift[j]). Adds to dx if
/// `accumulate`, else overwrites it.
template <class T>
struct NormalizeBackArgsOf {
  const T* x;
  int64_t x_row;
  const T* dy;
  int64_t dy_row;
  T* dx;
  int64_t dx_row;
  int64_t lines, cols;
  const T* mean;
  const T* scale;
  const T* shift;
  const T* slope;
  bool accumulate;
};

/// dx[j] = inverse · fma(−(x[j] − mean) · inverse, slope, dy[j] · gamma[j] − shift) of one line.
/// Adds to dx if `accumulate`, else overwrites it.
template <class T>
struct LineBackArgsOf {
  const T* x;
  const T* dy;
  const T* gamma;  ///< or null: 1
  T* dx;
  int64_t cols;
  T mean, inverse, shift, slope;
  bool accumulate;
};

/// y[i, j] = x[i, j] where that is above 0, else alpha[j] · x[i, j].
template <class T>
struct ParametricReluArgsOf {
  const T* x;
  const T* alpha;
  T* y;
  int64_t lines, row, cols;
};

/// dx = dy where x > 0; dy · alpha[j] where x < 0; dy · (x · 0) where x is 0 or NaN. Adds to dx if
/// `accumulate`, else overwrites it.
template <class T>
struct ParametricReluBackArgsOf {
  const T* x;
  const T* alpha;
  const T* dy;
  T* dx;
  int64_t lines, row, cols;
  bool accumulate;
};

/// dalpha[j] = fma(dy[i, j], x[i, j], dalpha[j]), lines ascending, where x[i, j] is not above 0.
template <class T>
struct ParametricReluAlphaArgsOf {
  const T* x;
  const T* dy;
  T* dalpha;
  int64_t lines, row, cols;
};

/// y[j] = start[j] + Σ_i x[i, j], one chain per output, i ascending.
template <class T>
struct SumRowsArgsOf {
  const T* x;
  int64_t x_row;
  T* y;
  int64_t rows, cols;
  bool accumulate;
};

using SumRowsArgs = SumRowsArgsOf<float>;

/// Arithmetic with one number for each column.
template <class T>
struct ColumnKernelsOf {
  void (*sum_rows)(const SumRowsArgsOf<T>&);
  void (*scale_columns)(const ScaleColumnsArgsOf<T>&);
  void (*normalize_back)(const NormalizeBackArgsOf<T>&);
  void (*line_back)(const LineBackArgsOf<T>&);
  void (*parametric_relu)(const ParametricReluArgsOf<T>&);
  void (*parametric_relu_back)(const ParametricReluBackArgsOf<T>&);
  void (*parametric_relu_alpha)(const ParametricReluAlphaArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
