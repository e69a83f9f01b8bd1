#pragma once

#include "cornu/core/value.h"
#include "cornu/kernels/elementwise.h"
#include "cornu/ops/gradients.h"

namespace cornu::inline v0::kernels {

CORNU_API std::string_view name(Combination how);
inline Value to_value(Combination how) {
  return name(how);
}

}  // namespace cornu::inline v0::kernels

namespace cornu::inline v0::ops {

using kernels::Combination;

/// y = a + b, a − b, a · b, a / b, the larger or the smaller of both, or as kernels/elementwise.h
/// says, element by element; in = {a, b}. Comparisons have no gradient, nor has the condition of
/// where. Shapes: a and b the same.
struct Combine {
  Combination how = Combination::add;
  static constexpr std::string_view kName = "combine";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kElementwise = true;
  static constexpr int kLeadingAxes = kAllButTheLast;
  static void visit_fields(auto& self, auto& v) { v("how", self.how); }
  friend bool operator==(const Combine&, const Combine&) = default;
};

/// The gradient of a maximum or minimum for a, or for b if `to_second`: dy where that input was
/// chosen (a, where both are equal), else 0; in = {a, b, dy}.
struct ChosenBack {
  Combination how = Combination::maximum;
  bool to_second = false;
  static constexpr std::string_view kName = "chosen_back";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kElementwise = true;
  static constexpr int kLeadingAxes = kAllButTheLast;
  static void visit_fields(auto& self, auto& v) {
    v("how", self.how);
    v("to_second", self.to_second);
  }
  friend bool operator==(const ChosenBack&, const ChosenBack&) = default;
};

Outputs outputs(const Combine&, const Builder&, const Slots& in);
Outputs outputs(const ChosenBack&, const Builder&, const Slots& in);
inline double flops(const Combine&, const Op&, const Sizes& size) {
  return size.out[0];
}
inline double flops(const ChosenBack&, const Op&, const Sizes& size) {
  return size.out[0];
}
void gradient(const Combine&, const Op&, Builder&);
inline void gradient(const ChosenBack&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
