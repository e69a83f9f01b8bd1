#include "cornu/losses/expression.h"

namespace cornu::inline v0 {
namespace {

using ops::Combination;
using ops::Function;

Expression combined(Combination how, const Expression& a, const Expression& b) {
  return {a.builder(), a.builder().emit_one(ops::Combine{how}, {a.slot(), b.slot()})};
}

Expression scaled(const Expression& x, double scale, double offset) {
  const ops::Affine op{.scale = scale, .offset = offset};
  return {x.builder(), x.builder().emit_one(op, {x.slot()})};
}

Expression function_of(Function function, const Expression& x) {
  return {x.builder(), x.builder().emit_one(ops::Pointwise{function}, {x.slot()})};
}

}  // namespace

Expression operator+(const Expression& a, const Expression& b) {
  return combined(Combination::add, a, b);
}
Expression operator-(const Expression& a, const Expression& b) {
  return combined(Combination::subtract, a, b);
}
Expression operator*(const Expression& a, const Expression& b) {
  return combined(Combination::multiply, a, b);
}
Expression operator+(const Expression& a, double b) {
  return scaled(a, 1, b);
}
Expression operator+(double a, const Expression& b) {
  return scaled(b, 1, a);
}
Expression operator-(const Expression& a, double b) {
  return scaled(a, 1, -b);
}
Expression operator-(double a, const Expression& b) {
  return scaled(b, -1, a);
}
Expression operator*(const Expression& a, double b) {
  return scaled(a, b, 0);
}
Expression operator*(double a, const Expression& b) {
  return scaled(b, a, 0);
}
Expression operator-(const Expression& a) {
  return scaled(a, -1, 0);
}
Expression maximum(const Expression& a, const Expression& b) {
  return combined(Combination::maximum, a, b);
}
Expression minimum(const Expression& a, const Expression& b) {
  return combined(Combination::minimum, a, b);
}
Expression abs(const Expression& x) {
  return maximum(x, -x);
}
Expression square(const Expression& x) {
  return x * x;
}
Expression exp(const Expression& x) {
  return function_of(Function::exponential, x);
}
Expression tanh(const Expression& x) {
  return function_of(Function::tanh, x);
}
Expression sigmoid(const Expression& x) {
  return function_of(Function::sigmoid, x);
}
Expression softplus(const Expression& x) {
  return function_of(Function::softplus, x);
}
Expression relu(const Expression& x) {
  return function_of(Function::relu, x);
}

}  // namespace cornu::inline v0
