#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

// Statistics of columns and of lines, plain loops that are the same on every target. Sums are
// float64, lines ascending, or along a line sixteen lanes folded 8-4-2-1.

/// A block of columns [first, first + cols) of `lines` lines that are `row` numbers apart.
template <class T>
struct ColumnsOf {
  const T* x;
  int64_t lines, row, cols;
};

/// mean = Σ x / lines, variance = Σ (x − mean)² / lines, in two passes.
template <class T>
void column_moments(const ColumnsOf<T>& a, T* mean, T* variance);

/// sums = Σ dy, products = Σ dy·(x − mean)/√(variance + ε).
template <class T>
void column_products(const ColumnsOf<T>& x, const T* dy, const T* mean, const T* variance,
                     double epsilon, T* sums, T* products);

template <class T>
struct NormalizeArgsOf {
  const T* x;
  T* y;
  int64_t lines, row, cols;
  const T* mean;
  const T* scale;  ///< gamma / √(variance + ε)
  const T* beta;   ///< or null
};
/// y = fma(x − mean, scale, beta), column by column.
template <class T>
void normalize(const NormalizeArgsOf<T>& a);

template <class T>
struct NormalizeBackArgsOf {
  const T* x;
  const T* dy;
  T* dx;
  int64_t lines, row, cols;
  int64_t all_lines;  ///< that statistics are over
  const T* mean;
  const T* variance;
  const T* gamma;  ///< or null
  const T* sums;
  const T* products;
  double epsilon;
  bool accumulate;
};
/// dx = gamma/√(variance + ε) · (dy − sums/lines − x̂·products/lines), x̂ the normalized x.
template <class T>
void normalize_back(const NormalizeBackArgsOf<T>& a);

template <class T>
struct LineNormArgsOf {
  const T* x;
  T* y;
  T* mean;     ///< a line
  T* inverse;  ///< 1/√(variance + ε), a line
  int64_t lines, cols;
  const T* gamma;  ///< or null
  const T* beta;   ///< or null
  double epsilon;
};
/// y = (x − mean)/√(variance + ε) · gamma + beta, line by line (Ba, Kiros, Hinton 2016).
template <class T>
void line_norm(const LineNormArgsOf<T>& a);

template <class T>
struct LineNormBackArgsOf {
  const T* x;
  const T* dy;
  const T* mean;
  const T* inverse;
  T* dx;
  int64_t lines, cols;
  const T* gamma;  ///< or null
  bool accumulate;
};
template <class T>
void line_norm_back(const LineNormBackArgsOf<T>& a);

/// dgamma_j += or = Σ dy·(x − mean)·inverse over lines, for columns [0, cols) of rows `row` apart.
template <class T>
void line_norm_gamma(const ColumnsOf<T>& x, const T* dy, const T* mean, const T* inverse, T* dgamma,
                     bool accumulate);

}  // namespace cornu::inline v0::kernels
