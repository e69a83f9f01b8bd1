#include "cornu/ops/expression.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

using ops::Combination;
using ops::Function;
using Extents = std::vector<int64_t>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Extents extents_of(const Expression& x) {
  const auto extents = x.shape().extents();
  return {extents.begin(), extents.end()};
}

Expression emitted(What what, const Expression& x) {
  return {x.builder(), x.builder().emit_one(std::move(what), {x.slot()})};
}

// For ops that divide the rows of the batch: without it, one member computes all.
Expression emitted_by_rows(What what, const Expression& x) {
  const Expression y = emitted(std::move(what), x);
  if (!y.shape().has_rows()) y.builder().ops().back().split = Split::one;
  return y;
}

Expression under(const Expression& x, const Extents& extents) {
  return {x.builder(), x.builder().reshape(x.slot(), Shape(extents))};
}

// NumPy's rule: extents are compared from the last on; the batch axis meets itself or nothing.
Extents broadcast_extents(const Expression& a, const Expression& b) {
  Extents longer = extents_of(a);
  Extents shorter = extents_of(b);
  if (longer.size() < shorter.size()) std::swap(longer, shorter);
  const size_t missing = longer.size() - shorter.size();
  for (size_t i = 0; i < shorter.size(); ++i) {
    int64_t& to = longer[i + missing];
    if (to == 1) to = shorter[i];
    if (shorter[i] == to || shorter[i] == 1) continue;
    throw Error({.where = a.builder().scope_name(),
                 .what = "the inputs do not fit together",
                 .expected = "shapes that differ only in axes that are missing in front or of "
                             "extent 1",
                 .found = a.shape().str() + " and " + b.shape().str(),
                 .hint = "a sum or mean keeps its axis if keepdims is true"});
  }
  return longer;
}

// x repeated along the axes in which it differs from `target`, neighbours at once.
Expression broadcast(Expression x, const Extents& target) {
  const Extents own = extents_of(x);
  const size_t missing = target.size() - own.size();
  const auto is_repeated = [&](size_t axis) {
    const int64_t extent = axis < missing ? 1 : own[axis - missing];
    return extent != target[axis];
  };
  Extents now;
  for (size_t i = 0; i < target.size(); ++i) {
    if (!is_repeated(i)) now.push_back(target[i]);
  }
  x = under(x, now);
  for (size_t i = 0; i < target.size(); ++i) {
    if (!is_repeated(i)) continue;
    size_t end = i + 1;
    int64_t extent = target[i];
    while (extent != kRows && end < target.size() && is_repeated(end)) extent *= target[end++];
    x = emitted_by_rows(ops::Repeat{static_cast<int64_t>(i), extent}, x);
    const auto at = static_cast<int64_t>(i);
    now.insert(now.begin() + at, target.begin() + at, target.begin() + static_cast<int64_t>(end));
    x = under(x, now);
    i = end - 1;
  }
  return x;
}

Expression combined(Combination how, const Expression& a, const Expression& b) {
  const Extents target = broadcast_extents(a, b);
  const SlotId left = broadcast(a, target).slot();
  const SlotId right = broadcast(b, target).slot();
  return {a.builder(), a.builder().emit_one(ops::Combine{how}, {left, right})};
}

Expression affine(const Expression& x, double scale, double offset) {
  return emitted(ops::Affine{.scale = scale, .offset = offset}, x);
}

Expression function_of(Function function, const Expression& x) {
  return emitted(ops::Pointwise{function}, x);
}

// x · w + bias in one op, if that is what a sum is; the product alone is dropped if nothing else
// reads it.
const Op* product_to_start(const Expression& sum, const Expression& bias) {
  const Op* const op = sum.builder().producer(sum.slot());
  if (op == nullptr || sum.builder().slot(sum.slot()).base != kNone) return nullptr;
  const auto* const product = std::get_if<ops::Product>(&op->what);
  const bool fits = product != nullptr && *product == ops::Product{} &&
                    op->in[ops::Product::kStart] == kNone && bias.shape().ndim() == 1 &&
                    bias.shape()[0] == sum.shape().back();
  return fits ? op : nullptr;
}

Expression with_start(const Op& product, const Expression& bias) {
  const Slots in = {product.in[ops::Product::kX], product.in[ops::Product::kW], bias.slot()};
  return {bias.builder(), bias.builder().emit_one(ops::Product{}, in)};
}

// Axes from 0 on, each once, the last first.
Extents axes_of(const Expression& x, Extents axes, const char* what) {
  const int64_t ndim = x.shape().ndim();
  const int64_t first = x.shape().has_rows() ? 1 : 0;
  const auto fail = [&](int64_t axis, const char* hint) {
    const std::string& scope = x.builder().scope_name();
    throw Error({.where = (scope.empty() ? "" : scope + ": ") + what,
                 .expected = "an axis of " + x.shape().str() + (first == 1 ? " but the first" : ""),
                 .found = std::to_string(axis),
                 .hint = hint});
  };
  if (axes.empty()) {
    for (int64_t axis = first; axis < ndim; ++axis) axes.push_back(axis);
  }
  for (int64_t& axis : axes) {
    const int64_t given = axis;
    if (axis < 0) axis += ndim;
    if (axis < 0 || axis >= ndim) fail(given, "");
    if (axis < first) fail(given, "each sample is computed by itself");
  }
  std::ranges::sort(axes, std::greater());
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  return axes;
}

// An op that runs along the last axis, along another one: with the axes turned before and after.
Expression along_axis(What what, const Expression& x, int64_t axis, const char* name) {
  const int64_t ndim = x.shape().ndim();
  if (axis == -1 || axis == ndim - 1) return emitted(std::move(what), x);
  if (!x.shape().has_rows()) {
    throw Error({.where = name,
                 .expected = "the last axis of " + x.shape().str(),
                 .found = std::to_string(axis)});
  }
  axis = axes_of(x, {axis}, name)[0];
  const Expression turned = emitted(ops::Transpose{.axis = axis, .middle = axis + 1}, x);
  const Expression y = emitted(std::move(what), turned);
  return emitted(ops::Transpose{.axis = axis, .middle = ndim - 1}, y);
}

bool is_power_of_two(double x) {
  int exponent = 0;
  return std::abs(std::frexp(x, &exponent)) == 0.5;
}

}  // namespace

Expression operator+(const Expression& a, const Expression& b) {
  if (const Op* const product = product_to_start(a, b)) return with_start(*product, b);
  if (const Op* const product = product_to_start(b, a)) return with_start(*product, a);
  return combined(Combination::add, a, b);
}
Expression operator-(const Expression& a, const Expression& b) {
  return combined(Combination::subtract, a, b);
}
Expression operator*(const Expression& a, const Expression& b) {
  return combined(Combination::multiply, a, b);
}
Expression operator/(const Expression& a, const Expression& b) {
  return combined(Combination::divide, a, b);
}
Expression operator+(const Expression& a, double b) {
  return affine(a, 1, b);
}
Expression operator+(double a, const Expression& b) {
  return affine(b, 1, a);
}
Expression operator-(const Expression& a, double b) {
  return affine(a, 1, -b);
}
Expression operator-(double a, const Expression& b) {
  return affine(b, -1, a);
}
Expression operator*(const Expression& a, double b) {
  return affine(a, b, 0);
}
Expression operator*(double a, const Expression& b) {
  return affine(b, a, 0);
}
Expression operator/(const Expression& a, double b) {
  // Only then is the product with 1 / b the rounded quotient.
  return is_power_of_two(b) ? affine(a, 1 / b, 0) : a / constant_as(a, b);
}
Expression operator/(double a, const Expression& b) {
  return constant_as(b, a) / b;
}
Expression operator-(const Expression& a) {
  return affine(a, -1, 0);
}
Expression maximum(const Expression& a, const Expression& b) {
  return combined(Combination::maximum, a, b);
}
Expression minimum(const Expression& a, const Expression& b) {
  return combined(Combination::minimum, a, b);
}
Expression maximum(const Expression& a, double b) {
  return clip(a, b, kInfinity);
}
Expression minimum(const Expression& a, double b) {
  return clip(a, -kInfinity, b);
}
Expression less(const Expression& a, const Expression& b) {
  return combined(Combination::less, a, b);
}
Expression less_equal(const Expression& a, const Expression& b) {
  return combined(Combination::less_equal, a, b);
}
Expression where(const Expression& condition, const Expression& a, const Expression& b) {
  // The condition becomes 0 or 1: 1 where it is not 0.
  const Expression is_not = constant_as(condition, 0);
  const Expression chosen = combined(Combination::where, constant_as(condition, 1), condition);
  const Expression other = combined(Combination::less_equal, chosen, is_not);
  return combined(Combination::where, a, chosen) + combined(Combination::where, b, other);
}
Expression constant_as(const Expression& x, double value) {
  return clip(x, value, value);
}
Expression clip(const Expression& x, double least, double most) {
  if (!(least <= most)) {
    throw Error({.where = x.builder().scope_name(),
                 .expected = "clip(x, least, most) with least <= most",
                 .found = shortest(least) + " and " + shortest(most)});
  }
  return function_of({Function::clip, 0, least, most}, x);
}

Expression abs(const Expression& x) {
  return maximum(x, -x);
}
Expression square(const Expression& x) {
  return x * x;
}
Expression sqrt(const Expression& x) {
  return function_of(Function::sqrt, x);
}
Expression exp(const Expression& x) {
  return function_of(Function::exponential, x);
}
Expression log(const Expression& x) {
  return function_of(Function::log, x);
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
Expression softmax(const Expression& x, int64_t axis) {
  return along_axis(ops::Softmax{}, x, axis, "softmax");
}
Expression log_softmax(const Expression& x, int64_t axis) {
  return along_axis(ops::LogSoftmax{}, x, axis, "log_softmax");
}

Expression sum(const Expression& x, std::vector<int64_t> axes, bool keepdims) {
  Extents kept = extents_of(x);
  Expression y = x;
  for (const int64_t axis : axes_of(x, std::move(axes), "sum")) {
    y = emitted_by_rows(ops::Sum{axis}, y);
    kept[static_cast<size_t>(axis)] = 1;
  }
  return keepdims ? under(y, kept) : y;
}

Expression mean(const Expression& x, std::vector<int64_t> axes, bool keepdims) {
  axes = axes_of(x, std::move(axes), "mean");
  double count = 1;
  for (const int64_t axis : axes) count *= static_cast<double>(x.shape()[static_cast<int>(axis)]);
  return sum(x, std::move(axes), keepdims) * (1 / count);
}

Expression matmul(const Expression& x, const Expression& w) {
  if (!x.shape().has_rows() || w.shape().has_rows() || w.shape().ndim() != 2) {
    throw Error({.where = x.builder().scope_name(),
                 .expected = "matmul(x, w) of a tensor with the batch axis and a weight (depth, "
                             "units)",
                 .found = x.shape().str() + " and " + w.shape().str()});
  }
  return {x.builder(), x.builder().emit_one(ops::Product{}, {x.slot(), w.slot(), kNone})};
}

Expression reshape(const Expression& x, std::vector<int64_t> sample) {
  const bool has_rows = x.shape().has_rows();
  const Shape own = has_rows ? x.shape().without_rows() : x.shape();
  const int64_t size = own.size();
  int64_t known = 1;
  Extents target = sample;
  int64_t* open = nullptr;
  for (int64_t& extent : target) {
    if (extent == -1 && open == nullptr) {
      open = &extent;
    } else if (extent < 0 || __builtin_mul_overflow(known, extent, &known)) {
      known = -1;  // the size of no tensor
    }
  }
  if (open != nullptr && known > 0) *open = size / known;
  if (open != nullptr ? known <= 0 || size % known != 0 : known != size) {
    throw Error({.where = x.builder().scope_name(),
                 .expected = "a target shape of " + std::to_string(size) + " elements, as " +
                             own.str() + " has",
                 .found = Value(to_value(sample)).str()});
  }
  if (has_rows) target.insert(target.begin(), kRows);
  return under(x, target);
}

Expression concatenate(const std::vector<Expression>& list, int64_t axis) {
  if (list.empty()) throw Error({.expected = "concatenate of a tensor or more", .found = "none"});
  const Expression& first = list[0];
  const Extents found = axes_of(first, {axis}, "concatenate");
  Slots in;
  for (const Expression& each : list) in.push_back(each.slot());
  return {first.builder(), first.builder().emit_one(ops::Concatenate{found[0]}, in)};
}

}  // namespace cornu::inline v0
