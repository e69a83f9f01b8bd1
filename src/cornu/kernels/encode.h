#pragma once

#include <cstdint>

#include "cornu/core/dtype.h"

namespace cornu::inline v0::kernels {

/// y[i] = (T(x[i]) − offset) ÷ divisor, each step correctly rounded; x holds `dtype`.
template <class T>
struct DecodeArgsOf {
  const void* x;
  DType dtype;
  T* y;
  int64_t size;
  T divisor, offset;
};

/// The inverse of decode: y[i] is the byte b for which (b − offset) ÷ divisor, each step correctly
/// rounded, is x[i], bit for bit.
template <class T>
struct EncodeArgsOf {
  const T* x;
  uint8_t* y;
  int64_t size;
  T divisor, offset;
};

/// y[i, ·] = 0, except 1 at labels[i]; labels are whole numbers of any type.
template <class T>
struct OneHotArgsOf {
  const void* labels;
  DType dtype;  ///< of the labels
  T* y;
  int64_t rows, cols;
};

using DecodeArgs = DecodeArgsOf<float>;
using EncodeArgs = EncodeArgsOf<float>;
using OneHotArgs = OneHotArgsOf<float>;

/// Stored numbers as those that are computed with, and back.
template <class T>
struct EncodeKernelsOf {
  void (*decode)(const DecodeArgsOf<T>&);
  /// Whether each x[i] has such a byte; if not, y holds anything.
  bool (*encode)(const EncodeArgsOf<T>&);
  void (*one_hot)(const OneHotArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
