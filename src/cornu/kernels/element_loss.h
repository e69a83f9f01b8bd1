#pragma once

#include <cstdint>
#include <string_view>

namespace cornu::inline v0::kernels {

/// A function of a prediction p and its target t, which a loss averages along a row, or sums where
/// `is_mean()` says so. ε = 1e-7; clip(x, high) lies within [ε, high]; d = p − t.
///
/// squared_error              d²
/// absolute_error             |d|
/// absolute_percentage_error  100·|d| / max(|t|, ε)
/// squared_logarithmic_error  (log(1 + max(p, ε)) − log(1 + max(t, ε)))²
/// huber                      |d| ≤ δ ? d²/2 : δ·(|d| − δ/2), δ = `delta` > 0
/// log_cosh                   log cosh d
/// hinge                      max(1 − s·p, 0), s = t but −1 where t is 0
/// squared_hinge              max(1 − s·p, 0)²
/// kl_divergence              clip(t, 1)·log(clip(t, 1) / clip(p, 1)), summed
/// poisson                    p − t·log(p + ε)
/// binary_crossentropy        −t·log c − (1 − t)·log(1 − c), c = clip(p, 1 − ε)
/// binary_crossentropy_of_logits  the same of c = sigmoid(p), which needs no clip
///
/// Derivatives are by p. At a kink: 0 where |d| turns, that of the slope where a maximum with a
/// constant begins, and nothing passes outside a clip.
struct LossFunction {
  enum Kind : uint8_t {
    squared_error,
    absolute_error,
    absolute_percentage_error,
    squared_logarithmic_error,
    huber,
    log_cosh,
    hinge,
    squared_hinge,
    kl_divergence,
    poisson,
    binary_crossentropy,
    binary_crossentropy_of_logits
  };
  Kind kind = squared_error;
  double delta = 0;  ///< huber's

  constexpr LossFunction(Kind of = squared_error, double delta_ = 0)  // NOLINT: converts
      : kind(of), delta(delta_) {}
  friend constexpr bool operator==(const LossFunction&, const LossFunction&) = default;

  constexpr bool is_mean() const { return kind != kl_divergence; }
};

constexpr std::string_view name(const LossFunction& function) {
  constexpr std::string_view kNames[] = {"squared_error",
                                         "absolute_error",
                                         "absolute_percentage_error",
                                         "squared_logarithmic_error",
                                         "huber",
                                         "log_cosh",
                                         "hinge",
                                         "squared_hinge",
                                         "kl_divergence",
                                         "poisson",
                                         "binary_crossentropy",
                                         "binary_crossentropy_of_logits"};
  return kNames[function.kind];
}

/// loss[i] = Σ_j f(p[i, j], t[i, j]), divided by `cols` where f is a mean; sixteen virtual lanes.
template <class T>
struct ElementLossArgsOf {
  LossFunction function;
  const T* y_pred;
  const T* y_true;
  T* loss;
  int64_t rows, cols;
};

/// dp[i, j] = f'(p[i, j], t[i, j]) · w, w = scale / cols where f is a mean, else scale. Assigns, or
/// adds where `accumulate`.
template <class T>
struct ElementLossBackArgsOf {
  LossFunction function;
  const T* y_pred;
  const T* y_true;
  T* dy_pred;
  T scale;
  int64_t rows, cols;
  bool accumulate;
};

}  // namespace cornu::inline v0::kernels
