#pragma once

// kernels/product.h as plain loops.

#include <cmath>

#include "cornu/kernels/functions_reference.h"
#include "cornu/kernels/product.h"
#include "cornu/kernels/updates_reference.h"

namespace cornu::inline v0::kernels {

template <class T, class F>
struct ProductReference {
  static bool is_nonzero(const ProductArgsOf<T>& a, int64_t i, int64_t k) {
    return (a.nonzero[k / 64 * a.nonzero_word + i] >> (k % 64) & 1) != 0;
  }

  static T x_of(const ProductArgsOf<T>& a, int64_t i, int64_t k) {
    if (a.windows.images != nullptr) {
      const int64_t row = a.windows.first + (a.windows_transposed ? k : i);
      const T* const image = a.windows.images[row / a.windows.per_image];
      return image[a.windows.window[row % a.windows.per_image] +
                   a.windows.element[a.windows_transposed ? i : k]];
    }
    if (a.bytes == nullptr) return a.x[i * a.x_row + k * a.x_col];
    return a
        .decoded[a.bytes_transposed ? a.bytes[k][a.first_byte + i] : a.bytes[i][a.first_byte + k]];
  }

  static T chain(const ProductArgsOf<T>& a, int64_t i, int64_t j, int64_t begin, int64_t end,
                 T sum) {
    for (int64_t k = begin; k < end; ++k) {
      if (a.nonzero != nullptr && !is_nonzero(a, i, k)) continue;
      sum = std::fma(x_of(a, i, k), a.w[k * a.w_row + j * a.w_col], sum);
    }
    return sum;
  }

  static void product(const ProductArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      for (int64_t j = 0; j < a.cols; ++j) {
        const T start = a.start == nullptr ? 0 : a.start[i * a.start_row + j];
        const auto end = [&](int c) {
          return a.chains == 1 ? a.depth : a.chain_ends[c] * a.chain_unit;
        };
        T sum = chain(a, i, j, 0, end(0), start) + 0;
        for (int c = 1; c < a.chains; ++c) sum += chain(a, i, j, end(c - 1), end(c), 0) + 0;
        finish(a, i * a.y_row + j, sum);
      }
    }
  }

  static void finish(const ProductArgsOf<T>& a, int64_t at, T sum) {
    const EpilogueOf<T>& e = a.epilogue;
    if (const auto* of = std::get_if<SgdArgsOf<T>>(&e.update)) {
      T* const velocity = of->velocity == nullptr ? nullptr : of->velocity + at;
      return UpdatesReference<T>::sgd(
          {of->w + at, &sum, velocity, 1, of->learning_rate, of->momentum, of->nesterov});
    }
    if (const auto* of = std::get_if<AdamArgsOf<T>>(&e.update)) {
      return UpdatesReference<T>::adam({of->w + at, &sum, of->m + at, of->v + at, 1, of->alpha,
                                        of->one_minus_beta_1, of->one_minus_beta_2, of->epsilon});
    }
    if (const auto* of = std::get_if<RuleArgsOf<T>>(&e.update)) {
      RuleArgsOf<T> one = *of;
      one.advance(at);
      one.dw = &sum;
      one.size = 1;
      return RulesReference<T>::update(one);
    }
    a.y[at] = e.saved == nullptr ? function_value<T, F>(e.function, sum)
                                 : function_back<T, F>(e.function, e.saved[at], sum);
  }

  static constexpr ProductKernelsOf<T> kKernels = {
      .product = product,
  };
};

}  // namespace cornu::inline v0::kernels
