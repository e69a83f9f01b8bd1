#pragma once

#include <cstdint>
#include <string>

#include "cornu/cli/execution.h"

namespace cornu::inline v0::cli {

struct ExplainOptions {
  std::string model = {};
  std::string mode = {};  ///< empty: training where the model is compiled, else predict
  int64_t batch_size = 128;
  ExecutionFlags execution = {};
};

/// `cornu explain`: the plan that a model is carried out by, as text. Needs the model file alone.
/// Returns the exit status.
int explain(const ExplainOptions& options);

}  // namespace cornu::inline v0::cli
