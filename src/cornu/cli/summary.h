#pragma once

#include <string>

namespace cornu::inline v0::cli {

struct SummaryOptions {
  std::string model = {};
  bool costs = false;
  bool json = false;
};

/// `cornu summary`: a model's layers, shapes and numbers of parameters. Returns the exit status.
int summary(const SummaryOptions& options);

}  // namespace cornu::inline v0::cli
