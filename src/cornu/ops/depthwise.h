#pragma once

// Depthwise convolutions: each channel of images x (rows, height, width, channels) is convolved
// with `multiplier` kernels of its own. w is Keras's kernel (height, width, channels, multiplier)
// in one axis, of pixels · channels · multiplier numbers.

#include <cstdint>

#include "cornu/ops/convolution.h"

namespace cornu::inline v0::ops {

/// What all three ops need to know; the groups of `sliding` are not used.
struct DepthwiseSliding {
  Sliding sliding;
  int64_t multiplier = 1;

  int64_t filters() const { return sliding.channels * multiplier; }
  /// The numbers of w.
  int64_t num_weights() const { return sliding.pixels() * filters(); }

  static void visit_fields(auto& self, auto& v) {
    Sliding::visit_fields(self.sliding, v);
    v("multiplier", self.multiplier);
  }
  friend bool operator==(const DepthwiseSliding&, const DepthwiseSliding&) = default;
};

/// y[channel · multiplier + m] = start + Σ x[channel] · w[channel, m] over the pixels of each
/// window, row by row; in = {x, w, start or kNone}. Shapes: start (channels · multiplier) -> y
/// (rows, places down, places across, channels · multiplier).
struct Depthwise {
  DepthwiseSliding over;
  static constexpr std::string_view kName = "depthwise";
  static constexpr bool kTakesFused = true;
  static constexpr bool kTakesImages = true;
  static constexpr int kLeadingAxes = 2;
  static void visit_fields(auto& self, auto& v) { DepthwiseSliding::visit_fields(self.over, v); }
  friend bool operator==(const Depthwise&, const Depthwise&) = default;
};

/// dx of Depthwise: Σ dy · w over the pixels of the kernel, row by row, and m within each; in =
/// {dy, w}.
struct DepthwiseBack {
  DepthwiseSliding over;
  static constexpr std::string_view kName = "depthwise_back";
  static constexpr bool kTakesFused = true;
  static void visit_fields(auto& self, auto& v) { DepthwiseSliding::visit_fields(self.over, v); }
  friend bool operator==(const DepthwiseBack&, const DepthwiseBack&) = default;
};

/// dw of Depthwise, Σ over rows and places; in = {x, dy}.
struct DepthwiseKernel {
  DepthwiseSliding over;
  static constexpr std::string_view kName = "depthwise_kernel";
  static constexpr bool kTakesFused = true;
  static constexpr bool kTakesImages = true;
  static void visit_fields(auto& self, auto& v) { DepthwiseSliding::visit_fields(self.over, v); }
  friend bool operator==(const DepthwiseKernel&, const DepthwiseKernel&) = default;
};

Outputs outputs(const Depthwise&, const Builder&, const Slots& in);
Outputs outputs(const DepthwiseBack&, const Builder&, const Slots& in);
Outputs outputs(const DepthwiseKernel&, const Builder&, const Slots& in);
inline double flops(const Depthwise& d, const Op&, const Sizes& size) {
  return 2 * size.out[0] * static_cast<double>(d.over.sliding.pixels());
}
inline double flops(const DepthwiseBack& d, const Op&, const Sizes& size) {
  return 2 * size.in[0] * static_cast<double>(d.over.sliding.pixels());
}
inline double flops(const DepthwiseKernel& d, const Op&, const Sizes& size) {
  return 2 * size.in[1] * static_cast<double>(d.over.sliding.pixels());
}
void gradient(const Depthwise&, const Op&, Builder&);
inline void gradient(const DepthwiseBack&, const Op&, Builder&) {}
inline void gradient(const DepthwiseKernel&, const Op&, Builder&) {}
Share reads(const Depthwise&, const Op&, size_t input);
Share reads(const DepthwiseBack&, const Op&, size_t input);
inline Share reads(const DepthwiseKernel&, const Op&, size_t) {
  return Share::all;
}

}  // namespace cornu::inline v0::ops
