#pragma once

#include <string>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0 {

/// What the weights of a network and those of a file need not have in common.
struct Leniency {
  bool by_name = false;        ///< layers match by name; others stay as they are
  bool skip_mismatch = false;  ///< so do those whose weights have another number or shape
  std::vector<std::string> left_out = {};  ///< which, as errors would say it

  /// Leaves out what the error is about, or throws it.
  void leave_out(const Error& mismatch) {
    if (!skip_mismatch) throw mismatch;
    left_out.emplace_back(mismatch.what());
  }
};

}  // namespace cornu::inline v0
