#pragma once

#include <cstdint>
#include <string>

#include "cornu/cli/execution.h"
#include "cornu/cli/network_data.h"

namespace cornu::inline v0::cli {

struct PredictOptions {
  std::string model = {};
  std::string dataset = {};
  Part part = Part::test;
  int64_t first = 5;
  int64_t top = 3;
  ExecutionFlags execution = {};
  std::string data_dir = {};
  bool json = false;
};

/// `cornu predict`: the classes that a model predicts for the first samples of a data set, with
/// their probabilities. Returns the exit status.
int predict(const PredictOptions& options);

}  // namespace cornu::inline v0::cli
