#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = x · w with one weight per row; in = {x, w}. With `times_count` y = x · w · (number of
/// elements of w), which turns a mean over them into their sum. w gets no gradient. Shapes: x
/// (rows, …), w its first axes -> y as x.
struct ScaleRows {
  bool times_count = false;
  static constexpr std::string_view kName = "scale_rows";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("times_count", self.times_count); }
  friend bool operator==(const ScaleRows&, const ScaleRows&) = default;
};

/// dloss of a loss that is the mean of all its values: each is weight / (number of values);
/// in = {values}, for their number only. Shapes: (rows, …) -> the same.
struct MeanBack {
  double weight = 1;
  static constexpr std::string_view kName = "mean_back";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("weight", self.weight); }
  friend bool operator==(const MeanBack&, const MeanBack&) = default;
};

Outputs outputs(const ScaleRows&, const Builder&, const Slots& in);
Outputs outputs(const MeanBack&, const Builder&, const Slots& in);
inline double flops(const ScaleRows&, const Op&, const Sizes& size) {
  return size.in[0];
}
inline double flops(const MeanBack&, const Op&, const Sizes& size) {
  return size.in[0];
}
void gradient(const ScaleRows&, const Op&, Builder&);
inline void gradient(const MeanBack&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
