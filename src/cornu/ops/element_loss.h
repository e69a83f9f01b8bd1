#pragma once

#include "cornu/core/value.h"
#include "cornu/kernels/element_loss.h"
#include "cornu/ops/gradients.h"

namespace cornu::inline v0::kernels {

/// The function's name, or name(delta) if it has a delta.
CORNU_API Value to_value(const LossFunction& function);

}  // namespace cornu::inline v0::kernels

namespace cornu::inline v0::ops {

using kernels::LossFunction;

/// loss = mean_j f(p, t) along the last axis, or Σ_j f(p, t) if f is not a mean
/// (kernels/element_loss.h); in = {y_pred p, y_true t}. Shapes: (rows, …, n) both -> (rows, …).
struct ElementLoss {
  LossFunction function = LossFunction::squared_error;
  static constexpr std::string_view kName = "element_loss";
  static constexpr bool kIsLoss = true;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("function", self.function); }
  friend bool operator==(const ElementLoss&, const ElementLoss&) = default;
};

/// dy_pred of ElementLoss times weight / rows; in = {y_pred, y_true}. Targets get no gradient.
struct ElementLossBack {
  LossFunction function = LossFunction::squared_error;
  double weight = 1;
  static constexpr std::string_view kName = "element_loss_back";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) {
    v("function", self.function);
    v("weight", self.weight);
  }
  friend bool operator==(const ElementLossBack&, const ElementLossBack&) = default;
};

Outputs outputs(const ElementLoss&, const Builder&, const Slots& in);
Outputs outputs(const ElementLossBack&, const Builder&, const Slots& in);
double flops(const ElementLoss&, const Op&, const Sizes&);
double flops(const ElementLossBack&, const Op&, const Sizes&);
void gradient(const ElementLoss&, const Op&, Builder&);
inline void gradient(const ElementLossBack&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
