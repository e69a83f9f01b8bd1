#pragma once

#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

/// A value in a loss written as a function: y_true, y_pred or a value computed from them, element
/// by element. Arithmetic on it adds ops to the plan, from which the gradient is derived. It is
/// valid during the call of the function only.
class CORNU_API Expression {
 public:
  Expression(Builder& builder, SlotId slot) : builder_(&builder), slot_(slot) {}
  /// With the batch axis in front.
  const Shape& shape() const { return builder_->slot(slot_).shape; }
  /// For ops that have no function here: Expression(x.builder(), x.builder().emit_one(op,
  /// {x.slot()})).
  Builder& builder() const { return *builder_; }
  SlotId slot() const { return slot_; }

 private:
  Builder* builder_;
  SlotId slot_;
};

/// Both sides have the same shape, or one is a number.
CORNU_API Expression operator+(const Expression& a, const Expression& b);
CORNU_API Expression operator-(const Expression& a, const Expression& b);
CORNU_API Expression operator*(const Expression& a, const Expression& b);
CORNU_API Expression operator+(const Expression& a, double b);
CORNU_API Expression operator+(double a, const Expression& b);
CORNU_API Expression operator-(const Expression& a, double b);
CORNU_API Expression operator-(double a, const Expression& b);
CORNU_API Expression operator*(const Expression& a, double b);
CORNU_API Expression operator*(double a, const Expression& b);
CORNU_API Expression operator-(const Expression& a);
CORNU_API Expression maximum(const Expression& a, const Expression& b);
CORNU_API Expression minimum(const Expression& a, const Expression& b);
CORNU_API Expression abs(const Expression& x);
CORNU_API Expression square(const Expression& x);
CORNU_API Expression exp(const Expression& x);
CORNU_API Expression tanh(const Expression& x);
CORNU_API Expression sigmoid(const Expression& x);
/// log(1 + eˣ)
CORNU_API Expression softplus(const Expression& x);
/// x where it is above 0, else 0.
CORNU_API Expression relu(const Expression& x);

}  // namespace cornu::inline v0
