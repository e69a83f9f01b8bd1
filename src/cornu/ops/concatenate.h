#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// The inputs side by side along an axis; axis 0 is the batch's; in = {a, b, …}.
/// Shapes: the same except along the axis, whose extents are added.
struct Concatenate {
  int64_t axis = 1;
  static constexpr std::string_view kName = "concatenate";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("axis", self.axis); }
  friend bool operator==(const Concatenate&, const Concatenate&) = default;
};

/// y = `extent` elements of x along an axis, from `begin` on; the gradient of one input of
/// Concatenate.
struct Slice {
  int64_t axis = 1;
  int64_t begin = 0;
  int64_t extent = 0;  ///< of y along the axis
  static constexpr std::string_view kName = "slice";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("begin", self.begin);
  }
  friend bool operator==(const Slice&, const Slice&) = default;
};

Outputs outputs(const Concatenate&, const Builder&, const Slots& in);
Outputs outputs(const Slice&, const Builder&, const Slots& in);
inline double flops(const Concatenate&, const Op&, const Sizes&) {
  return 0;
}
inline double flops(const Slice&, const Op&, const Sizes&) {
  return 0;
}
void gradient(const Concatenate&, const Op&, Builder&);
inline void gradient(const Slice&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
