#pragma once

// kernels/softmax.h as plain loops.

#include <cmath>

#include "cornu/kernels/rows_reference.h"
#include "cornu/kernels/softmax.h"

namespace cornu::inline v0::kernels {

template <class T, class F>
struct SoftmaxReference : RowsReference<T> {
  using Rows = RowsReference<T>;
  using Rows::clip;
  using Rows::largest;
  using Rows::outside_clip;
  using Rows::put;
  using Rows::sum;

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

  static constexpr SoftmaxKernelsOf<T> kKernels = {
      .log_softmax = log_softmax,
      .log_softmax_back = log_softmax_back,
      .softmax = softmax,
      .softmax_back = softmax_back,
      .softmax_crossentropy = softmax_crossentropy,
      .softmax_crossentropy_back = softmax_crossentropy_back,
      .crossentropy = crossentropy,
      .crossentropy_back = crossentropy_back,
  };
};

}  // namespace cornu::inline v0::kernels
