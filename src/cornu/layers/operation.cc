#include "cornu/layers/operation.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>
#include <variant>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

using Operand = std::variant<Expression, double>;
using Operands = std::vector<Operand>;

/// One line of the table of functions.
struct Row {
  std::string_view name;
  size_t operands;  ///< 0: any number
  Expression (*apply)(const OperationOptions& options, const Operands& x);
};

const Expression& tensor(const Operand& x) {
  if (const auto* const found = std::get_if<Expression>(&x)) return *found;
  throw Error({.expected = "a tensor", .found = "the number " + shortest(std::get<double>(x))});
}

double number(const Operand& x) {
  if (const auto* const found = std::get_if<double>(&x)) return *found;
  throw Error({.expected = "a number", .found = "a tensor"});
}

// An operand as a tensor, of the shape of the other one if it is a number.
Expression as_tensor(const Operand& x, const Operand& other) {
  if (const auto* const number = std::get_if<double>(&x)) {
    return constant_as(tensor(other), *number);
  }
  return std::get<Expression>(x);
}

template <Expression (*kFunction)(const Expression&)>
Expression one(const OperationOptions&, const Operands& x) {
  return kFunction(tensor(x[0]));
}

template <Expression (*kFunction)(const Expression&, const Expression&)>
Expression two(const OperationOptions&, const Operands& x) {
  return kFunction(as_tensor(x[0], x[1]), as_tensor(x[1], x[0]));
}

template <Expression (*kFunction)(const Expression&, const Expression&)>
Expression swapped(const OperationOptions& options, const Operands& x) {
  return two<kFunction>(options, {x[1], x[0]});
}

/// Calls f with numbers as they are.
template <class F>
Expression pair(const Operands& x, const F& f) {
  return std::visit(
      [&]<class A, class B>(const A& a, const B& b) -> Expression {
        if constexpr (std::is_same_v<A, double> && std::is_same_v<B, double>) {
          return tensor(x[0]);  // an error
        } else {
          return f(a, b);
        }
      },
      x[0], x[1]);
}

Expression power(const OperationOptions&, const Operands& x) {
  const auto* const exponent = std::get_if<double>(&x[1]);
  const Expression& base = tensor(x[0]);
  constexpr double kMost = 16;
  if (exponent != nullptr && *exponent == 0.5) return sqrt(base);
  const double size = exponent == nullptr ? 0 : std::abs(*exponent);
  if (size < 1 || size > kMost || size != std::floor(size)) {
    throw Error({.where = "power",
                 .expected = "the exponent 0.5, or a whole number from 1 to 16 or -16 to -1",
                 .found = exponent == nullptr ? "a tensor" : shortest(*exponent),
                 .hint = "exp(y * log(x)) is x to the power of y for x above 0"});
  }
  Expression y = base;
  for (int i = 1; i < static_cast<int>(size); ++i) y = y * base;
  return *exponent < 0 ? 1 / y : y;
}

Expression concatenated(const OperationOptions& options, const Operands& x) {
  std::vector<Expression> list;
  for (const Operand& each : x) list.push_back(tensor(each));
  return concatenate(list, options.axis.empty() ? -1 : options.axis[0]);
}

// Along the axis of the options, the last if it has none.
template <Expression (*kFunction)(const Expression&, int64_t)>
Expression along_axis(const OperationOptions& options, const Operands& x) {
  return kFunction(tensor(x[0]), options.axis.empty() ? -1 : options.axis[0]);
}

constexpr auto kIdentity = [](const OperationOptions&, const Operands& x) { return tensor(x[0]); };

const Row kOperations[] = {
    {"identity", 1, kIdentity},
    {"add", 2,
     [](const OperationOptions&, const Operands& x) {
       return pair(x, [](const auto& a, const auto& b) { return a + b; });
     }},
    {"subtract", 2,
     [](const OperationOptions&, const Operands& x) {
       return pair(x, [](const auto& a, const auto& b) { return a - b; });
     }},
    {"multiply", 2,
     [](const OperationOptions&, const Operands& x) {
       return pair(x, [](const auto& a, const auto& b) { return a * b; });
     }},
    {"divide", 2,
     [](const OperationOptions&, const Operands& x) {
       return pair(x, [](const auto& a, const auto& b) { return a / b; });
     }},
    {"power", 2, power},
    {"maximum", 2, two<maximum>},
    {"minimum", 2, two<minimum>},
    {"less", 2, two<less>},
    {"less_equal", 2, two<less_equal>},
    {"greater", 2, swapped<less>},
    {"greater_equal", 2, swapped<less_equal>},
    {"where", 3,
     [](const OperationOptions&, const Operands& x) {
       return where(tensor(x[0]), as_tensor(x[1], x[0]), as_tensor(x[2], x[0]));
     }},
    {"clip", 3,
     [](const OperationOptions&, const Operands& x) {
       return clip(tensor(x[0]), number(x[1]), number(x[2]));
     }},
    {"negative", 1, [](const OperationOptions&, const Operands& x) { return -tensor(x[0]); }},
    {"abs", 1, one<abs>},
    {"square", 1, one<square>},
    {"sqrt", 1, one<sqrt>},
    {"exp", 1, one<exp>},
    {"log", 1, one<log>},
    {"sum", 1,
     [](const OperationOptions& options, const Operands& x) {
       return sum(tensor(x[0]), options.axis, options.keepdims);
     }},
    {"mean", 1,
     [](const OperationOptions& options, const Operands& x) {
       return mean(tensor(x[0]), options.axis, options.keepdims);
     }},
    {"matmul", 2,
     [](const OperationOptions&, const Operands& x) { return matmul(tensor(x[0]), tensor(x[1])); }},
    {"softmax", 1, along_axis<softmax>},
    {"log_softmax", 1, along_axis<log_softmax>},
    {"reshape", 1,
     [](const OperationOptions& options, const Operands& x) {
       return reshape(tensor(x[0]), options.shape);
     }},
    {"concatenate", 0, concatenated},
};

const Row* row_of(std::string_view function) {
  const auto* const found = std::ranges::find(kOperations, function, &Row::name);
  return found == std::end(kOperations) ? nullptr : found;
}

// Tensors in order, with the numbers in their places.
Operands operands_of(const OperationOptions& options, const std::vector<Expression>& x) {
  Operands all(x.begin(), x.end());
  if (options.function == "clip" || options.function == "where") {
    if (options.left) all.emplace_back(*options.left);
    if (options.right) all.emplace_back(*options.right);
    return all;
  }
  if (options.left) all.insert(all.begin(), *options.left);
  if (options.right)
    all.insert(all.begin() + std::min<int64_t>(1, std::ssize(all)), *options.right);
  return all;
}

Expression activated(const OperationOptions& options, const std::vector<Expression>& x) {
  const auto is_it = [&](const ActivationEntry& each) { return each.name == options.function; };
  if (std::ranges::none_of(activation_table(), is_it)) {
    throw unknown_name("ops", "function", options.function, operation_names());
  }
  if (x.size() != 1) {
    throw Error(
        {.where = options.function, .expected = "one tensor", .found = std::to_string(x.size())});
  }
  return {x[0].builder(), Activation(options.function).lower(x[0].builder(), x[0].slot())};
}

class OperationDescription final : public LayerWith<OperationOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Operation::kType; }

  bool takes(size_t inputs) const override {
    const Row* const row = row_of(options.function);
    if (row == nullptr) return inputs == 1;
    const size_t numbers = (options.left ? 1 : 0) + (options.right ? 1 : 0);
    return row->operands == 0 ? inputs > 0 : inputs + numbers == row->operands;
  }
  Slots lower(Builder& b, Slots x, Mode) const override {
    std::vector<Expression> tensors;
    for (const SlotId each : x) tensors.emplace_back(b, each);
    return {operate(options, tensors).slot()};
  }
};

}  // namespace

Operation::Operation(OperationOptions options)
    : Layer(std::make_shared<OperationDescription>(std::move(options))) {}

Expression operate(const OperationOptions& options, const std::vector<Expression>& x) {
  const Row* const row = row_of(options.function);
  if (row == nullptr) return activated(options, x);
  const Operands operands = operands_of(options, x);
  if (x.empty() || (row->operands != 0 && operands.size() != row->operands)) {
    throw Error({.where = options.function,
                 .expected = std::to_string(std::max<size_t>(1, row->operands)) +
                             " operands, tensors among them",
                 .found = std::to_string(operands.size())});
  }
  return row->apply(options, operands);
}

std::vector<std::string> operation_names() {
  std::vector<std::string> names;
  for (const Row& each : kOperations) names.emplace_back(each.name);
  for (const ActivationEntry& each : activation_table()) {
    if (row_of(each.name) == nullptr) names.emplace_back(each.name);
  }
  return names;
}

}  // namespace cornu::inline v0
