#pragma once

#include <cstdint>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// While it lives, this thread rounds to nearest and treats denormals as 0, both as inputs and as
/// results; afterwards the thread has its former mode. Every thread that runs ops holds one, so
/// that no caller's mode can change a bit of a result.
class CORNU_API FloatMode {
 public:
  FloatMode();
  ~FloatMode();
  FloatMode(const FloatMode&) = delete;
  FloatMode& operator=(const FloatMode&) = delete;

 private:
  uint64_t before_;
};

}  // namespace cornu::inline v0
