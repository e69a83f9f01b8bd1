#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = (x − offset) ÷ divisor: stored elements of any dtype become the network's numbers, each
/// step correctly rounded. Shapes: x (rows, …) -> y the same. No gradient: x is data.
struct Decode {
  double divisor = 1;
  double offset = 0;
  static constexpr std::string_view kName = "decode";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) {
    v("divisor", self.divisor);
    v("offset", self.offset);
  }
  friend bool operator==(const Decode&, const Decode&) = default;
};

/// Labels (rows, …), whole numbers of any type -> lines that are 1 at the label and 0 elsewhere
/// (rows, …, classes).
struct OneHot {
  int64_t classes = 0;
  static constexpr std::string_view kName = "one_hot";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("classes", self.classes); }
  friend bool operator==(const OneHot&, const OneHot&) = default;
};

Outputs outputs(const Decode&, const Builder&, const Slots& in);
Outputs outputs(const OneHot&, const Builder&, const Slots& in);
inline double flops(const Decode&, const Op&, const Sizes& size) {
  return 2 * size.out[0];
}
inline double flops(const OneHot&, const Op&, const Sizes&) {
  return 0;
}
inline void gradient(const Decode&, const Op&, Builder&) {}
inline void gradient(const OneHot&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
