#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cornu/cli/execution.h"
#include "cornu/cli/network_data.h"

namespace cornu::inline v0::cli {

struct EvaluateModelOptions {
  std::string model = {};
  std::string dataset = {};
  Part part = Part::test;
  TableFlags table = {};
  std::optional<std::string> loss = {}, metrics = {};  ///< instead of the model's own
  int64_t batch_size = 256;
  ExecutionFlags execution = {};
  std::string data_dir = {};
  bool json = false;
};

/// `cornu evaluate`: loss and metrics of a model over a data set. Returns the exit status.
int evaluate(const EvaluateModelOptions& options);

}  // namespace cornu::inline v0::cli
