#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

// Statistics of columns and of lines, plain loops that are the same on every target. Sums are
// float64, lines ascending, or along a line sixteen lanes folded 8-4-2-1.

/// `cols` columns of `lines` lines that are `row` numbers apart.
template <class T>
struct ColumnsOf {
  const T* x;
  int64_t lines, row, cols;
};

/// mean = Σ x / lines, variance = Σ (x − mean)² / lines, in two passes; R is T or double.
template <class T, class R>
void column_moments(const ColumnsOf<T>& a, R* mean, R* variance);

/// Means and variances of the columns of shards, those of a shard `next` numbers behind those of
/// the shard before; shard s has the rows from ends[s − 1] up to ends[s].
struct MomentsOfShards {
  const double* means;
  const double* variances;
  int64_t next;
  const int64_t* ends;
  int shards;
  int64_t cols;
};
/// mean = Σ n·meanₛ / Σ n, variance = Σ n·(varianceₛ + (meanₛ − mean)²) / Σ n, n the rows of shard
/// s, ascending.
template <class T>
void merge_moments(const MomentsOfShards& a, T* mean, T* variance);

/// moving = fma(moving, momentum, now · rest).
template <class T>
void moving_statistics(const T* now, T momentum, T rest, int64_t cols, T* moving);

template <class T>
struct ColumnScaleArgsOf {
  int64_t cols;
  const T* mean;
  const T* variance;
  const T* gamma;  ///< or null: 1
  const T* beta;   ///< or null: 0
  double epsilon;
};
/// scale = gamma/√(variance + ε), in float64, and shift = fma(−mean, scale, beta), so that
/// x · scale + shift is the normalized x.
template <class T>
void column_scale(const ColumnScaleArgsOf<T>& a, T* scale, T* shift);

/// sums = Σ dy, products = Σ dy·(x − mean)/√(variance + ε); dy has lines `dy_row` numbers apart.
template <class T>
void column_products(const ColumnsOf<T>& x, const T* dy, int64_t dy_row, const T* mean,
                     const T* variance, double epsilon, T* sums, T* products);

/// The numbers per column that NormalizeBackArgs holds: scale = gamma/√(variance + ε), shift =
/// sums/lines and slope = products/√(variance + ε)/lines, so that dx = scale · (dy − sums/lines − x̂
/// · products/ lines), x̂ the normalized x.
template <class T>
struct BackOfColumnsArgsOf {
  int64_t lines;  ///< over which the statistics are taken
  int64_t cols;
  const T* variance;
  const T* gamma;  ///< or null
  const T* sums;
  const T* products;
  double epsilon;
};
template <class T>
void back_of_columns(const BackOfColumnsArgsOf<T>& a, T* scale, T* shift, T* slope);

template <class T>
struct LineNormArgsOf {
  const T* x;
  T* y;
  T* mean;     ///< one number per line
  T* inverse;  ///< 1/√(variance + ε), one number per line
  int64_t lines, cols;
  const T* gamma;  ///< or null
  const T* beta;   ///< or null
  double epsilon;
};
/// y = (x − mean)/√(variance + ε) · gamma + beta, line by line (Ba, Kiros, Hinton 2016).
template <class T>
void line_norm(const LineNormArgsOf<T>& a);

/// The numbers of one line that LineBackArgs holds: shift = Σ dy·gamma/cols, slope = Σ
/// dy·gamma·x̂/cols.
template <class T>
struct BackOfLineArgsOf {
  const T* x;
  const T* dy;
  const T* gamma;  ///< or null
  int64_t cols;
  T mean, inverse;
};
template <class T>
void back_of_line(const BackOfLineArgsOf<T>& a, T* shift, T* slope);

/// dgamma_j = Σ dy·(x − mean)·inverse over lines, or += if `accumulate`.
template <class T>
void line_norm_gamma(const ColumnsOf<T>& x, const T* dy, const T* mean, const T* inverse, T* dgamma,
                     bool accumulate);

}  // namespace cornu::inline v0::kernels
