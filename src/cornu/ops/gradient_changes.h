#pragma once

// Ops between a weight's gradient and its update, and around the update: accumulation over steps,
// clipping, decay, averages.

#include <concepts>

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// The mean gradient of `steps` steps; in = {dw}, out = {sum, dw}: sum += dw on all but the last of
/// them, and on the last dw = (dw + sum) / steps, sum = 0.
struct Accumulate {
  int64_t steps = 1;
  static constexpr std::string_view kName = "accumulate";
  static constexpr bool kElementwise = true;
  static constexpr bool kTakesSlices = true;
  static void visit_fields(auto& self, auto& v) { v("steps", self.steps); }
  friend bool operator==(const Accumulate&, const Accumulate&) = default;
};

/// dw = dw < −limit ? −limit : dw > limit ? limit : dw; in = {dw}, out = {dw}.
struct ClipValue {
  double limit = 0;
  static constexpr std::string_view kName = "clip_value";
  static constexpr bool kElementwise = true;
  static constexpr bool kTakesSlices = true;
  static void visit_fields(auto& self, auto& v) { v("limit", self.limit); }
  friend bool operator==(const ClipValue&, const ClipValue&) = default;
};

/// Σ dw², in float64; in = {dw} -> (1).
struct SquaredNorm {
  static constexpr std::string_view kName = "squared_norm";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const SquaredNorm&, const SquaredNorm&) = default;
};

/// limit / max(‖dw‖, limit), ‖dw‖ the norm over all tensors whose squared norms are the inputs; in
/// = {squared norms…} -> (1).
struct ClipFactor {
  double limit = 0;
  static constexpr std::string_view kName = "clip_factor";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("limit", self.limit); }
  friend bool operator==(const ClipFactor&, const ClipFactor&) = default;
};

/// dw = dw · factor; in = {dw, factor}, out = {dw}.
struct ScaleBy {
  static constexpr std::string_view kName = "scale_by";
  static constexpr bool kElementwise = true;
  static constexpr bool kTakesSlices = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const ScaleBy&, const ScaleBy&) = default;
};

/// w = w − (w · rate) · learning_rate (Loshchilov and Hutter 2019, in Keras's form); out = {w}.
struct WeightDecay {
  double rate = 0;
  static constexpr std::string_view kName = "weight_decay";
  static constexpr bool kReadsItsShare = true;
  static constexpr bool kTakesSlices = true;
  static void visit_fields(auto& self, auto& v) { v("rate", self.rate); }
  friend bool operator==(const WeightDecay&, const WeightDecay&) = default;
};

/// At every step average = momentum·average + (1 − momentum)·w, and average = w on the first; in =
/// {}, out = {average, w}. Every `overwrite_frequency` steps, if that is not 0, w = average.
struct MovingAverage {
  double momentum = 0.99;
  int64_t overwrite_frequency = 0;
  static constexpr std::string_view kName = "moving_average";
  static constexpr bool kReadsItsShare = true;
  static constexpr bool kTakesSlices = true;
  static void visit_fields(auto& self, auto& v) {
    v("momentum", self.momentum);
    v("overwrite_frequency", self.overwrite_frequency);
  }
  friend bool operator==(const MovingAverage&, const MovingAverage&) = default;
};

template <class X>
concept GradientChange = std::same_as<X, Accumulate> || std::same_as<X, ClipValue> ||
    std::same_as<X, ScaleBy> || std::same_as<X, WeightDecay> || std::same_as<X, MovingAverage>;

/// The outputs of gradient changes exist already: `count` slots of the input's shape; an op without
/// inputs states none.
Outputs changed(const Builder& b, const Slots& in, size_t count);
inline Outputs outputs(const Accumulate&, const Builder& b, const Slots& in) {
  return changed(b, in, 2);
}
template <GradientChange X>
Outputs outputs(const X&, const Builder& b, const Slots& in) {
  return changed(b, in, 1);
}
template <GradientChange X>
double flops(const X&, const Op&, const Sizes& size) {
  return 2 * size.out[0];
}
template <GradientChange X>
void gradient(const X&, const Op&, Builder&) {}

Outputs outputs(const SquaredNorm&, const Builder&, const Slots& in);
Outputs outputs(const ClipFactor&, const Builder& b, const Slots& in);
inline double flops(const SquaredNorm&, const Op&, const Sizes& size) {
  return 2 * size.in[0];
}
inline double flops(const ClipFactor&, const Op&, const Sizes& size) {
  return static_cast<double>(size.in.size()) + 2;
}
inline void gradient(const SquaredNorm&, const Op&, Builder&) {}
inline void gradient(const ClipFactor&, const Op&, Builder&) {}
inline Share reads(const ScaleBy&, const Op& op, size_t input) {
  return input == 0 ? written_share(op) : Share::all;
}

}  // namespace cornu::inline v0::ops
