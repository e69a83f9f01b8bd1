#pragma once

#include <cstdint>

#include "cornu/core/dtype.h"

namespace cornu::inline v0::kernels {

/// bits[j div 64 · bits_word + i] has bit j mod 64 set where x[i, j] is not 0; the bits beyond the
/// last column are 0. Rows of x hold T, or bytes of which `zero` stands for 0.
template <class T>
struct NonzeroArgsOf {
  const void* const* x;  ///< the address of each row
  DType dtype;
  uint8_t zero;
  int64_t rows, cols;
  uint64_t* bits;
  int64_t bits_word;
};

/// y[j, i] = x[i, j], bits laid out as in NonzeroArgs.
struct TransposeBitsArgs {
  const uint64_t* x;
  int64_t x_word;
  uint64_t* y;
  int64_t y_word;
  int64_t rows, cols;
};

/// The number of columns set in any of rows i … i + group − 1, summed over all such groups of rows.
struct CountBitsArgs {
  const uint64_t* bits;  ///< laid out as in NonzeroArgs
  int64_t bits_word;
  int64_t rows, cols;
  int64_t group;
};

using NonzeroArgs = NonzeroArgsOf<float>;

/// Which numbers of a matrix are not 0, as bits.
template <class T>
struct NonzeroKernelsOf {
  void (*nonzero)(const NonzeroArgsOf<T>&);
  void (*transpose_bits)(const TransposeBitsArgs&);
  int64_t (*count_bits)(const CountBitsArgs&);
};

}  // namespace cornu::inline v0::kernels
