#pragma once

#include <cstdint>
#include <vector>

#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

/// A value in a loss or layer that is written as a function: y_true, y_pred, an input, a weight, or
/// a value computed from them. Arithmetic on it adds ops to the plan, from which the gradient is
/// derived. It is valid during the call of the function only.
class CORNU_API Expression {
 public:
  Expression(Builder& builder, SlotId slot) : builder_(&builder), slot_(slot) {}
  /// With the batch axis in front, except for weights and what is computed from them alone.
  const Shape& shape() const { return builder_->slot(slot_).shape; }
  /// For ops that have no function here: Expression(x.builder(), x.builder().emit_one(op,
  /// {x.slot()})).
  Builder& builder() const { return *builder_; }
  SlotId slot() const { return slot_; }

 private:
  Builder* builder_;
  SlotId slot_;
};

// Of two sides, one may be a number; shapes that differ are broadcast as in NumPy: an axis that is
// missing in front or has extent 1 is repeated. Error if they do not fit.
CORNU_API Expression operator+(const Expression& a, const Expression& b);
CORNU_API Expression operator-(const Expression& a, const Expression& b);
CORNU_API Expression operator*(const Expression& a, const Expression& b);
CORNU_API Expression operator/(const Expression& a, const Expression& b);
CORNU_API Expression operator+(const Expression& a, double b);
CORNU_API Expression operator+(double a, const Expression& b);
CORNU_API Expression operator-(const Expression& a, double b);
CORNU_API Expression operator-(double a, const Expression& b);
CORNU_API Expression operator*(const Expression& a, double b);
CORNU_API Expression operator*(double a, const Expression& b);
CORNU_API Expression operator/(const Expression& a, double b);
CORNU_API Expression operator/(double a, const Expression& b);
CORNU_API Expression operator-(const Expression& a);
CORNU_API Expression maximum(const Expression& a, const Expression& b);
CORNU_API Expression minimum(const Expression& a, const Expression& b);
CORNU_API Expression maximum(const Expression& a, double b);
CORNU_API Expression minimum(const Expression& a, double b);
/// 1 where a < b, or a ≤ b, else 0. Without a gradient.
CORNU_API Expression less(const Expression& a, const Expression& b);
CORNU_API Expression less_equal(const Expression& a, const Expression& b);
/// a where the condition is not 0, else b.
CORNU_API Expression where(const Expression& condition, const Expression& a, const Expression& b);
/// This number in the shape of x, where x is not NaN.
CORNU_API Expression constant_as(const Expression& x, double value);
/// x, but `least` below it and `most` above it.
CORNU_API Expression clip(const Expression& x, double least, double most);

CORNU_API Expression abs(const Expression& x);
CORNU_API Expression square(const Expression& x);
CORNU_API Expression sqrt(const Expression& x);
CORNU_API Expression exp(const Expression& x);
CORNU_API Expression log(const Expression& x);
CORNU_API Expression tanh(const Expression& x);
CORNU_API Expression sigmoid(const Expression& x);
/// log(1 + eˣ)
CORNU_API Expression softplus(const Expression& x);
/// x where it is above 0, else 0.
CORNU_API Expression relu(const Expression& x);
/// Along an axis, counted with the batch's, from the end if negative; of what has no batch axis,
/// along the last. Error for the batch's: each sample is computed by itself.
CORNU_API Expression softmax(const Expression& x, int64_t axis = -1);
CORNU_API Expression log_softmax(const Expression& x, int64_t axis = -1);

/// Over these axes, counted with the batch's as in NumPy, from the end if negative; over all but
/// the batch's if none is named. Error for the batch's: each sample is computed by itself.
CORNU_API Expression sum(const Expression& x, std::vector<int64_t> axes = {},
                         bool keepdims = false);
CORNU_API Expression mean(const Expression& x, std::vector<int64_t> axes = {},
                          bool keepdims = false);
/// x · w along the last axis of x; w a weight of two axes, or computed from weights.
CORNU_API Expression matmul(const Expression& x, const Expression& w);
/// The same elements under another shape of a sample, of which one extent may be -1.
CORNU_API Expression reshape(const Expression& x, std::vector<int64_t> sample);
/// Side by side along an axis, counted as above.
CORNU_API Expression concatenate(const std::vector<Expression>& list, int64_t axis = -1);

}  // namespace cornu::inline v0
