#pragma once

#include <functional>
#include <string>

#include "cornu/core/error.h"

namespace cornu::inline v0 {

/// The text of the Error that `f` ends with, or "no error".
inline std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace cornu::inline v0
