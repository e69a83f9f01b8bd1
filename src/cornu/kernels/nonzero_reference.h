#pragma once

// kernels/nonzero.h as plain loops.

#include <algorithm>

#include "cornu/kernels/nonzero.h"

namespace cornu::inline v0::kernels {

template <class T>
struct NonzeroReference {
  template <class X>
  static void nonzero_of(const NonzeroArgsOf<T>& a, X zero) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const auto* const x = static_cast<const X*>(a.x[i]);
      for (int64_t j = 0; j < a.cols; ++j) {
        uint64_t& word = a.bits[j / 64 * a.bits_word + i];
        word = (j % 64 == 0 ? 0 : word) | static_cast<uint64_t>(x[j] != zero) << (j % 64);
      }
    }
  }

  static void nonzero(const NonzeroArgsOf<T>& a) {
    if (a.dtype == DType::uint8) return nonzero_of<uint8_t>(a, a.zero);
    nonzero_of<T>(a, 0);
  }

  static void transpose_bits(const TransposeBitsArgs& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      for (int64_t j = 0; j < a.cols; ++j) {
        const uint64_t bit = a.x[j / 64 * a.x_word + i] >> (j % 64) & 1;
        uint64_t& word = a.y[i / 64 * a.y_word + j];
        word = (i % 64 == 0 ? 0 : word) | bit << (i % 64);
      }
    }
  }

  static int64_t count_bits(const CountBitsArgs& a) {
    int64_t count = 0;
    for (int64_t j = 0; j < a.cols; ++j) {
      for (int64_t i = 0; i < a.rows; i += a.group) {
        uint64_t together = 0;
        for (int64_t r = i; r < std::min(i + a.group, a.rows); ++r) {
          together |= a.bits[j / 64 * a.bits_word + r];
        }
        count += static_cast<int64_t>(together >> (j % 64) & 1);
      }
    }
    return count;
  }

  static constexpr NonzeroKernelsOf<T> kKernels = {
      .nonzero = nonzero,
      .transpose_bits = transpose_bits,
      .count_bits = count_bits,
  };
};

}  // namespace cornu::inline v0::kernels
