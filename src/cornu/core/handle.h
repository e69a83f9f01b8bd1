#pragma once

#include <memory>
#include <utility>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Error: an object of that class was used after it was moved from.
[[noreturn]] CORNU_API void throw_moved_from(const char* what);

/// A shared pointer to the implementation of a class. Using it after it was moved from is an Error,
/// not a crash.
template <class T>
class Handle {
 public:
  /// `what` is the name of the class in errors.
  Handle(std::shared_ptr<T> object, const char* what) : object_(std::move(object)), what_(what) {}

  T& operator*() const {
    if (object_ == nullptr) throw_moved_from(what_);
    return *object_;
  }
  T* operator->() const { return &**this; }

 private:
  std::shared_ptr<T> object_;
  const char* what_;
};

}  // namespace cornu::inline v0
