#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

/// What becomes of two numbers. maximum and minimum take b only where it is above or below a, so
/// a NaN in a stays.
enum class Combination : uint8_t { add, subtract, multiply, maximum, minimum };

/// y[i] = x[i] · scale + offset, one fma. Assigns, or adds to y where `accumulate`.
template <class T>
struct AffineArgsOf {
  const T* x;
  T* y;
  int64_t size;
  T scale, offset;
  bool accumulate;
};

/// y[i] = a[i] and b[i] combined. Assigns, or adds to y where `accumulate`.
template <class T>
struct CombineArgsOf {
  Combination how;
  const T* a;
  const T* b;
  T* y;
  int64_t size;
  bool accumulate;
};

/// What of dy[i] goes back to a[i] of a maximum or minimum, or to b[i] where `to_second`: all of it
/// to the one that was taken, which is a where both are equal. Assigns, or adds to dx.
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

/// y[i, j] = x[i, j], rows so many elements apart. Assigns, or adds to y where `accumulate`.
template <class T>
struct CopyArgsOf {
  const T* x;
  int64_t x_row;
  T* y;
  int64_t y_row;
  int64_t rows, cols;
  bool accumulate;
};

}  // namespace cornu::inline v0::kernels
