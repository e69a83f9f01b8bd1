#pragma once

// Plain loops that compute in the same order as every target, for float and double. F provides the
// functions exp, expm1, log, log1p, sigmoid, tanh and erf of T.

#include <algorithm>
#include <cmath>

#include "cornu/kernels/columns_reference.h"
#include "cornu/kernels/depthwise_reference.h"
#include "cornu/kernels/element_loss_reference.h"
#include "cornu/kernels/elementwise_reference.h"
#include "cornu/kernels/functions_reference.h"
#include "cornu/kernels/noise.h"
#include "cornu/kernels/pool_reference.h"
#include "cornu/kernels/row_losses_reference.h"
#include "cornu/kernels/rows_reference.h"
#include "cornu/kernels/rules_reference.h"
#include "cornu/kernels/scalar_internal.h"
#include "cornu/kernels/sparse_reference.h"
#include "cornu/kernels/table.h"

namespace cornu::inline v0::kernels {

template <class T, class F>
struct Reference : RowsReference<T> {
  using Rows = RowsReference<T>;
  using Rows::clip;
  using Rows::largest;
  using Rows::outside_clip;
  using Rows::put;
  using Rows::sum;

  static void pointwise(const PointwiseArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) a.y[i] = function_value<T, F>(a.function, a.x[i]);
  }

  static void pointwise_back(const PointwiseBackArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      put(a.dx[i], function_back<T, F>(a.function, a.saved[i], a.dy[i]), a.accumulate);
    }
  }

  static void softmax(const SoftmaxArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* x = a.x + i * a.cols;
      T* y = a.y + i * a.cols;
      const T most = largest(x, a.cols);
      for (int64_t j = 0; j < a.cols; ++j) y[j] = F::exp(x[j] - most);
      const T total = sum(a.cols, [&](T lane, int64_t j) { return lane + y[j]; });
      for (int64_t j = 0; j < a.cols; ++j) y[j] = y[j] / total;
    }
  }

  static void log_softmax(const LogSoftmaxArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* x = a.x + i * a.cols;
      const T most = largest(x, a.cols);
      const T log_sum =
          F::log(sum(a.cols, [&](T lane, int64_t j) { return lane + F::exp(x[j] - most); }));
      for (int64_t j = 0; j < a.cols; ++j) a.y[i * a.cols + j] = x[j] - most - log_sum;
    }
  }

  static void log_softmax_back(const LogSoftmaxBackArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* y = a.y + i * a.cols;
      const T* dy = a.dy + i * a.cols;
      const T total = sum_of(dy, a.cols);
      for (int64_t j = 0; j < a.cols; ++j) {
        put(a.dx[i * a.cols + j], std::fma(-F::exp(y[j]), total, dy[j]), a.accumulate);
      }
    }
  }

  static void softmax_back(const SoftmaxBackArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* y = a.y + i * a.cols;
      const T* dy = a.dy + i * a.cols;
      const T dot = sum(a.cols, [&](T lane, int64_t j) { return std::fma(dy[j], y[j], lane); });
      for (int64_t j = 0; j < a.cols; ++j) {
        put(a.dx[i * a.cols + j], y[j] * (dy[j] - dot), a.accumulate);
      }
    }
  }

  static void softmax_crossentropy(const SoftmaxCrossentropyArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* z = a.logits + i * a.cols;
      const T* t = a.targets + i * a.cols;
      const T most = largest(z, a.cols);
      const T log_sum =
          F::log(sum(a.cols, [&](T lane, int64_t j) { return lane + F::exp(z[j] - most); }));
      a.loss[i] = sum(a.cols, [&](T lane, int64_t j) {
        return t[j] == 0 ? lane : std::fma(t[j], log_sum + (most - z[j]), lane);
      });
    }
  }

  static void softmax_crossentropy_back(const SoftmaxCrossentropyBackArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* p = a.probabilities + i * a.cols;
      const T* t = a.targets + i * a.cols;
      const T total = sum_of(t, a.cols);
      for (int64_t j = 0; j < a.cols; ++j) {
        put(a.dlogits[i * a.cols + j], std::fma(p[j], total, -t[j]) * a.scale, a.accumulate);
      }
    }
  }

  static T sum_of(const T* row, int64_t cols) {
    return sum(cols, [&](T lane, int64_t j) { return lane + row[j]; });
  }
  static T sum_of_clipped(const T* row, int64_t cols) {
    return sum(cols, [&](T lane, int64_t j) { return lane + clip(row[j]); });
  }

  static void crossentropy(const CrossentropyArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* p = a.probabilities + i * a.cols;
      const T* t = a.targets + i * a.cols;
      const T total = a.clip_first ? sum_of_clipped(p, a.cols) : sum_of(p, a.cols);
      a.loss[i] = 0 - sum(a.cols, [&](T lane, int64_t j) {
                    const T q = a.clip_first ? clip(p[j]) / total : clip(p[j] / total);
                    return std::fma(t[j], F::log(q), lane);
                  });
    }
  }

  static void crossentropy_back(const CrossentropyBackArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      const T* p = a.probabilities + i * a.cols;
      const T* t = a.targets + i * a.cols;
      T* dp = a.dprobabilities + i * a.cols;
      if (a.clip_first) {
        const T share = sum_of(t, a.cols) / sum_of_clipped(p, a.cols);
        for (int64_t j = 0; j < a.cols; ++j) {
          const T d = (share - t[j] / clip(p[j])) * a.scale;
          put(dp[j], outside_clip(p[j]) ? 0 : d, a.accumulate);
        }
        continue;
      }
      const T total = sum_of(p, a.cols);
      const auto d = [&](int64_t j) {
        const T q = p[j] / total;
        return outside_clip(q) ? 0 : -(t[j] / q) * a.scale;
      };
      const T dot =
          sum(a.cols, [&](T lane, int64_t j) { return std::fma(d(j), p[j] / total, lane); });
      for (int64_t j = 0; j < a.cols; ++j) put(dp[j], (d(j) - dot) / total, a.accumulate);
    }
  }

  static void sum_rows(const SumRowsArgsOf<T>& a) {
    for (int64_t j = 0; j < a.cols; ++j) {
      T chain = a.accumulate ? a.y[j] : 0;
      for (int64_t i = 0; i < a.rows; ++i) chain = chain + a.x[i * a.x_row + j];
      a.y[j] = chain;
    }
  }

  static T without_tiny(T x) { return std::abs(x) < static_cast<T>(0x1p-120) ? 0 : x; }

  static void sgd(const SgdArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      if (a.velocity == nullptr) {
        a.w[i] = std::fma(-a.learning_rate, a.dw[i], a.w[i]);
        continue;
      }
      const T step = a.learning_rate * a.dw[i];
      const T v = without_tiny(std::fma(a.momentum, a.velocity[i], -step));
      a.velocity[i] = v;
      a.w[i] = a.w[i] + (a.nesterov ? std::fma(a.momentum, v, -step) : v);
    }
  }

  static void adam(const AdamArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      const T g = a.dw[i];
      const T m = without_tiny(std::fma(g - a.m[i], a.one_minus_beta_1, a.m[i]));
      const T v = without_tiny(std::fma(std::fma(g, g, -a.v[i]), a.one_minus_beta_2, a.v[i]));
      a.m[i] = m;
      a.v[i] = v;
      a.w[i] = a.w[i] - m * a.alpha / (std::sqrt(v) + a.epsilon);
    }
  }

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

  static void product(const ProductArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      for (int64_t j = 0; j < a.cols; ++j) {
        T chain = a.start == nullptr ? 0 : a.start[i * a.start_row + j];
        for (int64_t k = 0; k < a.depth; ++k) {
          if (a.nonzero != nullptr && !is_nonzero(a, i, k)) continue;
          chain = std::fma(x_of(a, i, k), a.w[k * a.w_row + j * a.w_col], chain);
        }
        finish(a, i * a.y_row + j, chain + 0);
      }
    }
  }

  static void finish(const ProductArgsOf<T>& a, int64_t at, T sum) {
    const EpilogueOf<T>& e = a.epilogue;
    if (const auto* of = std::get_if<SgdArgsOf<T>>(&e.update)) {
      T* const velocity = of->velocity == nullptr ? nullptr : of->velocity + at;
      return sgd({of->w + at, &sum, velocity, 1, of->learning_rate, of->momentum, of->nesterov});
    }
    if (const auto* of = std::get_if<AdamArgsOf<T>>(&e.update)) {
      return adam({of->w + at, &sum, of->m + at, of->v + at, 1, of->alpha, of->one_minus_beta_1,
                   of->one_minus_beta_2, of->epsilon});
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

  static double multiply_adds(int64_t rounds) {
    volatile T unknown = T{0.5};
    for (int64_t round = 0; round < rounds; ++round) unknown = std::fma(unknown, unknown, unknown);
    return 2.0 * static_cast<double>(rounds);
  }

  static constexpr TableOf<T> kTable = {
      .product = product,
      .pointwise = pointwise,
      .pointwise_back = pointwise_back,
      .affine = ElementwiseReference<T>::affine,
      .combine = ElementwiseReference<T>::combine,
      .chosen_back = ElementwiseReference<T>::chosen_back,
      .copy = ElementwiseReference<T>::copy,
      .log_softmax = log_softmax,
      .log_softmax_back = log_softmax_back,
      .softmax = softmax,
      .softmax_back = softmax_back,
      .softmax_crossentropy = softmax_crossentropy,
      .softmax_crossentropy_back = softmax_crossentropy_back,
      .crossentropy = crossentropy,
      .crossentropy_back = crossentropy_back,
      .element_loss = ElementLossReference<T, F>::element_loss,
      .element_loss_back = ElementLossReference<T, F>::element_loss_back,
      .categorical_hinge = RowLossesReference<T>::categorical_hinge,
      .categorical_hinge_back = RowLossesReference<T>::categorical_hinge_back,
      .cosine_similarity = RowLossesReference<T>::cosine_similarity,
      .cosine_similarity_back = RowLossesReference<T>::cosine_similarity_back,
      .sum_rows = sum_rows,
      .scale_columns = ColumnsReference<T>::scale_columns,
      .normalize_back = ColumnsReference<T>::normalize_back,
      .line_back = ColumnsReference<T>::line_back,
      .parametric_relu = ColumnsReference<T>::parametric_relu,
      .parametric_relu_back = ColumnsReference<T>::parametric_relu_back,
      .parametric_relu_alpha = ColumnsReference<T>::parametric_relu_alpha,
      .max_pool = PoolReference<T>::max_pool,
      .max_pool_back = PoolReference<T>::max_pool_back,
      .average_pool = PoolReference<T>::average_pool,
      .average_pool_back = PoolReference<T>::average_pool_back,
      .depthwise = DepthwiseReference<T>::depthwise,
      .depthwise_kernel = DepthwiseReference<T>::depthwise_kernel,
      .decode = kernels::decode<T>,
      .encode = kernels::encode<T>,
      .one_hot = kernels::one_hot<T>,
      .dropout = kernels::dropout<T>,
      .noise = kernels::noise<T>,
      .sgd = sgd,
      .adam = adam,
      .rule_update = RulesReference<T>::update,
      .squared_norm = squared_norm<T>,
      .nonzero = nonzero,
      .transpose_bits = transpose_bits,
      .count_bits = count_bits,
      .count_nonzero = SparseReference<T>::count_nonzero,
      .all_finite = SparseReference<T>::all_finite,
      .list_terms = SparseReference<T>::list_terms,
      .add_terms = SparseReference<T>::add_terms,
      .multiply_adds = multiply_adds,
  };
};

}  // namespace cornu::inline v0::kernels
