#pragma once

#include <cstdint>
#include <string>

#include "cornu/cli/execution.h"

namespace cornu::inline v0::cli {

struct ExplainOptions {
  std::string model = {};
  std::string mode = {};  ///< empty: training where the model is compiled, else predict
  int64_t batch_size = 128;
  int64_t shards = 0;  ///< 0: the model's own
  bool measure = false;
  std::string data = {};  ///< a data set to measure on; empty: random samples
  std::string data_dir = {};
  ExecutionFlags execution = {};
};

/// `cornu explain`: the plan of a model as text, with the time of each op if measured. Needs the
/// model file alone. Returns the exit status.
int explain(const ExplainOptions& options);

}  // namespace cornu::inline v0::cli
