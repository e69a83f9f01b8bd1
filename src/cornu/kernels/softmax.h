#pragma once

#include <cstdint>

namespace cornu::inline v0::kernels {

/// y[i, ·] = log softmax(x[i, ·]) = (x − max) − log Σ e^(x−max).
template <class T>
struct LogSoftmaxArgsOf {
  const T* x;
  T* y;
  int64_t rows, cols;
};

/// dx = dy − e^y · Σ_j dy, row by row. Adds to dx if `accumulate`, else overwrites it.
template <class T>
struct LogSoftmaxBackArgsOf {
  const T* y;
  const T* dy;
  T* dx;
  int64_t rows, cols;
  bool accumulate;
};

/// y[i, ·] = softmax(x[i, ·]) = e^(x−max) / Σ e^(x−max); reductions over sixteen virtual lanes.
template <class T>
struct SoftmaxArgsOf {
  const T* x;
  T* y;
  int64_t rows, cols;
};

/// dx = y · (dy − Σ_j dy·y), row by row. Adds to dx if `accumulate`, else overwrites it.
template <class T>
struct SoftmaxBackArgsOf {
  const T* y;
  const T* dy;
  T* dx;
  int64_t rows, cols;
  bool accumulate;
};

/// loss[i] = Σ_j t·(log Σ e^(z−max) + max − z) over logits z and targets t.
template <class T>
struct SoftmaxCrossentropyArgsOf {
  const T* logits;
  const T* targets;
  T* loss;
  int64_t rows, cols;
};

/// dz = (p · Σ_j t − t) · scale, p the softmax of the logits. Adds to dz if `accumulate`, else
/// overwrites it.
template <class T>
struct SoftmaxCrossentropyBackArgsOf {
  const T* probabilities;
  const T* targets;
  T* dlogits;
  T scale;
  int64_t rows, cols;
  bool accumulate;
};

/// loss[i] = −Σ_j t · log(clip(p / Σp, 1e-7, 1 − 1e-7)), as Keras does on bare probabilities; with
/// `clip_first` −Σ_j t · log(c / Σc), c = clip(p), as its sparse form does.
template <class T>
struct CrossentropyArgsOf {
  const T* probabilities;
  const T* targets;
  T* loss;
  int64_t rows, cols;
  bool clip_first;
};

/// With s = Σp, q = p/s and d = −t/q · scale inside the clip, 0 outside: dp = (d − Σ d·q) / s.
/// With `clip_first`: dp = (Σt/Σc − t/c) · scale inside the clip (bounds included), 0 outside.
template <class T>
struct CrossentropyBackArgsOf {
  const T* probabilities;
  const T* targets;
  T* dprobabilities;
  T scale;
  int64_t rows, cols;
  bool clip_first;
  bool accumulate;
};

using LogSoftmaxArgs = LogSoftmaxArgsOf<float>;
using LogSoftmaxBackArgs = LogSoftmaxBackArgsOf<float>;
using SoftmaxArgs = SoftmaxArgsOf<float>;
using SoftmaxBackArgs = SoftmaxBackArgsOf<float>;
using SoftmaxCrossentropyArgs = SoftmaxCrossentropyArgsOf<float>;
using SoftmaxCrossentropyBackArgs = SoftmaxCrossentropyBackArgsOf<float>;
using CrossentropyArgs = CrossentropyArgsOf<float>;
using CrossentropyBackArgs = CrossentropyBackArgsOf<float>;

/// Softmax and cross-entropy, row by row.
template <class T>
struct SoftmaxKernelsOf {
  void (*log_softmax)(const LogSoftmaxArgsOf<T>&);
  void (*log_softmax_back)(const LogSoftmaxBackArgsOf<T>&);
  void (*softmax)(const SoftmaxArgsOf<T>&);
  void (*softmax_back)(const SoftmaxBackArgsOf<T>&);
  void (*softmax_crossentropy)(const SoftmaxCrossentropyArgsOf<T>&);
  void (*softmax_crossentropy_back)(const SoftmaxCrossentropyBackArgsOf<T>&);
  void (*crossentropy)(const CrossentropyArgsOf<T>&);
  void (*crossentropy_back)(const CrossentropyBackArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
