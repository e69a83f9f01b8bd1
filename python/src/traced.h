#pragma once

#include <memory>
#include <vector>

#include "bindings.h"
#include "cornu/core/error.h"
#include "cornu/ops/expression.h"

namespace cornu::python {

/// While it lives, a loss or the call() of a layer is being computed on this thread.
class Tracing {
 public:
  Tracing() : outer_(now()) { now() = this; }
  ~Tracing() { now() = outer_; }
  Tracing(const Tracing&) = delete;
  Tracing& operator=(const Tracing&) = delete;

  static std::weak_ptr<const void> current() {
    return now() == nullptr ? std::weak_ptr<const void>() : now()->alive_;
  }

 private:
  static Tracing*& now() {
    static thread_local Tracing* innermost = nullptr;
    return innermost;
  }

  std::shared_ptr<const void> alive_ = std::make_shared<const int>();
  Tracing* const outer_;
};

/// An Expression as Python sees it. Python may keep it for longer than it is valid.
class TracedTensor {
 public:
  explicit TracedTensor(const Expression& value)
      : value_(value), shape_(value.shape()), call_(Tracing::current()) {}

  const Shape& shape() const { return shape_; }
  /// Error after the call in which it was made.
  const Expression& value() const {
    if (call_.expired()) {
      throw Error({.where = "tensor of shape " + shape_.str(),
                   .expected = "to be used in the call() or loss that computed it",
                   .found = "its use afterwards"});
    }
    return value_;
  }

 private:
  Expression value_;
  Shape shape_;
  std::weak_ptr<const void> call_;
};

inline std::vector<Expression> expressions_from(nb::handle list) {
  std::vector<Expression> all;
  for (const nb::handle each : list) all.push_back(nb::cast<TracedTensor&>(each).value());
  return all;
}

}  // namespace cornu::python
