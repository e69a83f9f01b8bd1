#pragma once

#include <string>

namespace cornu::inline v0::cli {

struct InspectOptions {
  std::string file = {};
  bool json = false;
};

/// `cornu inspect`: what a model file holds. Returns the exit status.
int inspect(const InspectOptions& options);

}  // namespace cornu::inline v0::cli
