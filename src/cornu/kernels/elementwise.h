#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

/// How two numbers are combined. maximum takes b only where it is above a, minimum only where it is
/// below a, so a NaN in a stays. less and less_equal are 1 where a < b or a ≤ b, else 0; where is
/// a where b is not 0, else 0.
enum class Combination : uint8_t {
  add,
  subtract,
  multiply,
  divide,
  maximum,
  minimum,
  less,
  less_equal,
  where
};

/// y[i] = x[i] · scale + offset, one fma. Adds to y if `accumulate`, else overwrites it.
template <class T>
struct AffineArgsOf {
  const T* x;
  T* y;
  int64_t size;
  T scale, offset;
  bool accumulate;
};

/// y[i] = a[i] and b[i] combined. Adds to y if `accumulate`, else overwrites it.
template <class T>
struct CombineArgsOf {
  Combination how;
  const T* a;
  const T* b;
  T* y;
  int64_t size;
  bool accumulate;
};

/// The gradient of a maximum or minimum for a, or for b if `to_second`: dx[i] = dy[i] where that
/// input was chosen (a, where both are equal), else 0. Adds to dx if `accumulate`, else overwrites
/// it.
template <class T>
struct ChosenBackArgsOf {
  Combination how;
  bool to_second;
  const T* a;
  const T* b;
  const T* dy;
  T* dx;
  int64_t size;
  bool accumulate;
};

/// y[i, j] = x[i, j], with rows `x_row` and `y_row` elements apart. Adds to y if `accumulate`, else
/// overwrites it.
template <class T>
struct CopyArgsOf {
  const T* x;
  int64_t x_row;
  T* y;
  int64_t y_row;
  int64_t rows, cols;
  bool accumulate;
};

/// y[i] = ((x[0][i] + x[1][i]) + x[2][i]) + …, over `parts` arrays, + 0, which makes −0 into +0.
/// With `accumulate` the sum begins with y[i].
template <class T>
struct AddPartsArgsOf {
  const T* const* x;
  int64_t parts;
  T* y;
  int64_t size;
  bool accumulate;
};

/// y[i] = value. Adds to y if `accumulate`, else overwrites it.
template <class T>
struct FillArgsOf {
  T* y;
  int64_t size;
  T value;
  bool accumulate;
};

using AffineArgs = AffineArgsOf<float>;
using CombineArgs = CombineArgsOf<float>;
using ChosenBackArgs = ChosenBackArgsOf<float>;
using CopyArgs = CopyArgsOf<float>;
using AddPartsArgs = AddPartsArgsOf<float>;
using FillArgs = FillArgsOf<float>;

/// Arithmetic on the elements of one or two arrays.
template <class T>
struct ElementwiseKernelsOf {
  void (*affine)(const AffineArgsOf<T>&);
  void (*combine)(const CombineArgsOf<T>&);
  void (*chosen_back)(const ChosenBackArgsOf<T>&);
  void (*copy)(const CopyArgsOf<T>&);
  void (*add_parts)(const AddPartsArgsOf<T>&);
  void (*fill)(const FillArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
