#pragma once

#include "cornu/core/value.h"
#include "cornu/kernels/function.h"
#include "cornu/ops/gradients.h"

namespace cornu::inline v0::kernels {

/// The function's name, or name(a, b, c) if it has parameters.
CORNU_API Value to_value(const Function& function);

}  // namespace cornu::inline v0::kernels

namespace cornu::inline v0::ops {

using kernels::Function;

/// y = f(x), element by element. Any shape.
struct Pointwise {
  Function function = Function::linear;
  static constexpr std::string_view kName = "pointwise";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kElementwise = true;
  static constexpr int kLeadingAxes = kAllButTheLast;
  static void visit_fields(auto& self, auto& v) { v("function", self.function); }
  friend bool operator==(const Pointwise&, const Pointwise&) = default;
};

/// dx = dy · f'(x); in = {saved, dy}; saved is x or y, by the function (kernels/function.h).
struct PointwiseBack {
  Function function = Function::linear;
  static constexpr std::string_view kName = "pointwise_back";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kElementwise = true;
  static constexpr int kLeadingAxes = kAllButTheLast;
  static void visit_fields(auto& self, auto& v) { v("function", self.function); }
  friend bool operator==(const PointwiseBack&, const PointwiseBack&) = default;
};

Outputs outputs(const Pointwise&, const Builder&, const Slots& in);
Outputs outputs(const PointwiseBack&, const Builder&, const Slots& in);
double flops(const Pointwise&, const Op&, const Sizes&);
double flops(const PointwiseBack&, const Op&, const Sizes&);
void gradient(const Pointwise&, const Op&, Builder&);
inline void gradient(const PointwiseBack&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
