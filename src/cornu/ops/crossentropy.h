#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// loss = Σ_j t·(log Σ e^z − z) of logits z; in = {logits, probabilities, targets}, the
/// probabilities (softmax of the logits) being used by the gradient alone.
/// Shapes: (rows, classes) each -> loss (rows).
struct SoftmaxCrossentropy {
  static constexpr std::string_view kName = "softmax_crossentropy";
  static constexpr bool kIsLoss = true;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const SoftmaxCrossentropy&, const SoftmaxCrossentropy&) = default;
};

/// dlogits = (p · Σ t − t) · weight / rows; in = {probabilities, targets}.
struct SoftmaxCrossentropyBack {
  double weight = 1;
  static constexpr std::string_view kName = "softmax_crossentropy_back";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("weight", self.weight); }
  friend bool operator==(const SoftmaxCrossentropyBack&, const SoftmaxCrossentropyBack&) = default;
};

/// Cross-entropy of bare probabilities p, clipped to [1e-7, 1 − 1e-7] as Keras does:
/// loss = −Σ t · log clip(p / Σ p), or with clip_first (Keras's sparse form)
/// loss = −Σ t · log(c / Σ c), c = clip(p). in = {probabilities, targets} -> loss (rows).
struct Crossentropy {
  bool clip_first = false;
  static constexpr std::string_view kName = "crossentropy";
  static constexpr bool kIsLoss = true;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("clip_first", self.clip_first); }
  friend bool operator==(const Crossentropy&, const Crossentropy&) = default;
};

/// The gradient of Crossentropy times weight / rows; it is 0 outside the clip.
struct CrossentropyBack {
  bool clip_first = false;
  double weight = 1;
  static constexpr std::string_view kName = "crossentropy_back";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) {
    v("clip_first", self.clip_first);
    v("weight", self.weight);
  }
  friend bool operator==(const CrossentropyBack&, const CrossentropyBack&) = default;
};

Outputs outputs(const SoftmaxCrossentropy&, const Builder&, const Slots& in);
Outputs outputs(const SoftmaxCrossentropyBack&, const Builder&, const Slots& in);
Outputs outputs(const Crossentropy&, const Builder&, const Slots& in);
Outputs outputs(const CrossentropyBack&, const Builder&, const Slots& in);
inline double flops(const SoftmaxCrossentropy&, const Op&, const Sizes& s) {
  return 14 * s.in[0];
}
inline double flops(const SoftmaxCrossentropyBack&, const Op&, const Sizes& s) {
  return 4 * s.in[0];
}
inline double flops(const Crossentropy&, const Op&, const Sizes& s) {
  return 14 * s.in[0];
}
inline double flops(const CrossentropyBack&, const Op&, const Sizes& s) {
  return 8 * s.in[0];
}
void gradient(const SoftmaxCrossentropy&, const Op&, Builder&);
inline void gradient(const SoftmaxCrossentropyBack&, const Op&, Builder&) {}
void gradient(const Crossentropy&, const Op&, Builder&);
inline void gradient(const CrossentropyBack&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
