#pragma once

#include <cstdint>
#include <string_view>

namespace cornu::inline v0::kernels {

/// A function of a prediction p and its target t. A loss averages it along a row, or sums it if
/// `is_mean()` is false. ε = 1e-7; clip(x, high) lies within [ε, high]; d = p − t.
///
/// squared_error              d²
/// absolute_error             |d|
/// absolute_percentage_error  100·|d| / max(|t|, ε)
/// squared_logarithmic_error  (log(1 + max(p, ε)) − log(1 + max(t, ε)))²
/// huber                      |d| ≤ δ ? d²/2 : δ·(|d| − δ/2), δ = `delta` > 0
/// log_cosh                   log cosh d
/// hinge                      max(1 − s·p, 0), s = t, or −1 where t is 0
/// squared_hinge              max(1 − s·p, 0)²
/// kl_divergence              clip(t, 1)·log(clip(t, 1) / clip(p, 1)), summed
/// poisson                    p − t·log(p + ε)
/// binary_crossentropy        −t·log c − (1 − t)·log(1 − c), c = clip(p, 1 − ε)
/// binary_crossentropy_of_logits  the same with c = sigmoid(p), without a clip
///
/// Derivatives are with respect to p. At a kink they are 0 where d is 0, and that of the varying
/// side where a maximum with a constant begins. Outside a clip they are 0.
struct LossFunction {
// One row per function: its name, whether a loss averages it (else sums it), and its FLOPs per
// element in the vector kernels, where an exponential counts about a dozen.
#define CORNU_LOSS_FUNCTIONS(ROW)          \
  ROW(squared_error, true, 3)              \
  ROW(absolute_error, true, 3)             \
  ROW(absolute_percentage_error, true, 5)  \
  ROW(squared_logarithmic_error, true, 50) \
  ROW(huber, true, 8)                      \
  ROW(log_cosh, true, 45)                  \
  ROW(hinge, true, 4)                      \
  ROW(squared_hinge, true, 5)              \
  ROW(kl_divergence, false, 28)            \
  ROW(poisson, true, 25)                   \
  ROW(binary_crossentropy, true, 55)       \
  ROW(binary_crossentropy_of_logits, true, 45)

#define CORNU_KIND(kind, ...) kind,
  enum Kind : uint8_t { CORNU_LOSS_FUNCTIONS(CORNU_KIND) };
#undef CORNU_KIND

  struct Facts {
    std::string_view name;
    bool is_mean;
    double flops;
  };
#define CORNU_FACTS(kind, ...) Facts{#kind, __VA_ARGS__},
  static constexpr Facts kFacts[] = {CORNU_LOSS_FUNCTIONS(CORNU_FACTS)};
#undef CORNU_FACTS
#undef CORNU_LOSS_FUNCTIONS

  Kind kind = squared_error;
  double delta = 0;  ///< of huber

  constexpr LossFunction(Kind of = squared_error, double delta_ = 0)  // NOLINT: converts
      : kind(of), delta(delta_) {}
  friend constexpr bool operator==(const LossFunction&, const LossFunction&) = default;

  constexpr const Facts& facts() const {
    return kFacts[kind];
  }
  constexpr bool is_mean() const {
    return facts().is_mean;
  }
};

constexpr std::string_view name(const LossFunction& function) {
  return function.facts().name;
}

/// loss[i] = Σ_j f(p[i, j], t[i, j]) in sixteen virtual lanes, divided by `cols` if f is a mean.
template <class T>
struct ElementLossArgsOf {
  LossFunction function;
  const T* y_pred;
  const T* y_true;
  T* loss;
  int64_t rows, cols;
};

/// dp[i, j] = f'(p[i, j], t[i, j]) · w, with w = scale / cols if f is a mean, else scale. Adds to
/// dp if `accumulate`, else overwrites it.
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

using ElementLossArgs = ElementLossArgsOf<float>;
using ElementLossBackArgs = ElementLossBackArgsOf<float>;

/// Losses that are means over elements.
template <class T>
struct ElementLossKernelsOf {
  void (*element_loss)(const ElementLossArgsOf<T>&);
  void (*element_loss_back)(const ElementLossBackArgsOf<T>&);
};

}  // namespace cornu::inline v0::kernels
