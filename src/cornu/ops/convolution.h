#pragma once

// Convolutions of images x (rows, height, width, channels) by kernels w (depth, filters), Keras's
// kernel (height, width, channels ÷ groups, filters) under another shape. A convolution is the
// product of a matrix that is never formed, which holds what each window sees, and w.

#include <array>
#include <cstdint>

#include "cornu/core/value.h"
#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// A number for each axis of an image, down and across.
struct PerAxis {
  std::array<int64_t, 2> at{};
  int64_t& operator[](size_t axis) { return at[axis]; }
  int64_t operator[](size_t axis) const { return at[axis]; }
  friend bool operator==(const PerAxis&, const PerAxis&) = default;
};
Value to_value(const PerAxis& x);

/// How a kernel slides over images of `extents` and `channels`: its size, the distance from one
/// place to the next, the distance between the pixels that it sees, the zeros around the image, and
/// the number of groups, each of its own channels and filters.
struct Sliding {
  PerAxis extents = {{1, 1}};
  int64_t channels = 1;
  PerAxis size = {{1, 1}};
  PerAxis strides = {{1, 1}};
  PerAxis dilation = {{1, 1}};
  PerAxis before = {{0, 0}};
  PerAxis after = {{0, 0}};
  int64_t groups = 1;

  /// The pixels from the first that a kernel sees to the last.
  int64_t span(size_t axis) const { return dilation[axis] * (size[axis] - 1) + 1; }
  /// The number of its places along an axis; 0 if it does not fit.
  int64_t places(size_t axis) const {
    const int64_t room = before[axis] + extents[axis] + after[axis] - span(axis);
    return room < 0 ? 0 : room / strides[axis] + 1;
  }
  int64_t places() const { return places(0) * places(1); }
  int64_t pixels() const { return size[0] * size[1]; }
  int64_t group_channels() const { return channels / groups; }
  /// The elements that a filter sees at each place.
  int64_t depth() const { return pixels() * group_channels(); }

  static void visit_fields(auto& self, auto& v) {
    v("extents", self.extents);
    v("channels", self.channels);
    v("size", self.size);
    v("strides", self.strides);
    v("dilation", self.dilation);
    v("before", self.before);
    v("after", self.after);
    v("groups", self.groups);
  }
  friend bool operator==(const Sliding&, const Sliding&) = default;
};

/// y = start + Σ x · w over each window, its pixels row by row and the channels of each;
/// in = {x, w, start or kNone}. Shapes: start (filters) -> y (rows, places down, places across,
/// filters).
struct Convolution {
  Sliding sliding;
  static constexpr std::string_view kName = "convolution";
  static constexpr Layout kLayout = Layout::lines;
  static constexpr Layout kFirstLayout = Layout::any_lines;
  static constexpr bool kTakesFused = true;
  static constexpr bool kTakesPool = true;
  static constexpr bool kTakesImages = true;
  static constexpr int kLeadingAxes = 3;
  static void visit_fields(auto& self, auto& v) { Sliding::visit_fields(self.sliding, v); }
  friend bool operator==(const Convolution&, const Convolution&) = default;
};

/// w of a convolution in the order in which its gradient reads it; in = {w}. Shapes:
/// (pixels · channels ÷ groups, filters) -> (groups · pixels · filters ÷ groups, channels ÷
/// groups).
struct TurnKernel {
  int64_t pixels = 1;
  int64_t groups = 1;
  static constexpr std::string_view kName = "turn_kernel";
  static void visit_fields(auto& self, auto& v) {
    v("pixels", self.pixels);
    v("groups", self.groups);
  }
  friend bool operator==(const TurnKernel&, const TurnKernel&) = default;
};

/// dx of a convolution; in = {dy, w as TurnKernel gives it}. It is a convolution of dy, with zeros
/// around and between its pixels, by the kernel turned around.
struct ConvolutionBack {
  Sliding sliding;
  static constexpr std::string_view kName = "convolution_back";
  static constexpr Layout kLayout = Layout::lines;
  static constexpr Layout kFirstLayout = Layout::any_lines;
  static constexpr bool kTakesFused = true;
  static constexpr int kLeadingAxes = 3;
  static void visit_fields(auto& self, auto& v) { Sliding::visit_fields(self.sliding, v); }
  friend bool operator==(const ConvolutionBack&, const ConvolutionBack&) = default;
};

/// dw of a convolution, Σ over rows and places; in = {x, dy}.
struct ConvolutionKernel {
  Sliding sliding;
  static constexpr std::string_view kName = "convolution_kernel";
  static constexpr Layout kLayout = Layout::lines;
  static constexpr Layout kFirstLayout = Layout::any_lines;
  static constexpr bool kTakesFused = true;
  static constexpr bool kTakesImages = true;
  static void visit_fields(auto& self, auto& v) { Sliding::visit_fields(self.sliding, v); }
  friend bool operator==(const ConvolutionKernel&, const ConvolutionKernel&) = default;
};

Outputs outputs(const Convolution&, const Builder&, const Slots& in);
Outputs outputs(const TurnKernel&, const Builder&, const Slots& in);
Outputs outputs(const ConvolutionBack&, const Builder&, const Slots& in);
Outputs outputs(const ConvolutionKernel&, const Builder&, const Slots& in);
/// 2 · places · elements of w for each sample, however many of the sums are pooled.
inline double flops(const Convolution& c, const Op&, const Sizes& size) {
  const Sliding& s = c.sliding;
  const double samples = size.in[0] / static_cast<double>(s.extents[0] * s.extents[1] * s.channels);
  return 2 * samples * static_cast<double>(s.places(0) * s.places(1)) * size.in[1];
}
inline double flops(const TurnKernel&, const Op&, const Sizes&) {
  return 0;
}
inline double flops(const ConvolutionBack& c, const Op&, const Sizes& size) {
  return 2 * size.in[0] * static_cast<double>(c.sliding.depth());
}
inline double flops(const ConvolutionKernel& c, const Op&, const Sizes& size) {
  return 2 * size.in[1] * static_cast<double>(c.sliding.depth());
}
void gradient(const Convolution&, const Op&, Builder&);
inline void gradient(const TurnKernel&, const Op&, Builder&) {}
inline void gradient(const ConvolutionBack&, const Op&, Builder&) {}
inline void gradient(const ConvolutionKernel&, const Op&, Builder&) {}
Share reads(const Convolution&, const Op&, size_t input);
inline Share reads(const TurnKernel&, const Op&, size_t) {
  return Share::all;
}
Share reads(const ConvolutionBack&, const Op&, size_t input);
Share reads(const ConvolutionKernel&, const Op&, size_t input);

}  // namespace cornu::inline v0::ops
