#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/cli/execution.h"
#include "cornu/cli/network_data.h"

namespace cornu::inline v0::cli {

struct PredictOptions {
  std::string model = {};
  std::string dataset = {};                ///< or the first picture
  std::vector<std::string> pictures = {};  ///< behind the first
  Part part = Part::test;
  TableFlags table = {};
  int64_t first = 5;
  int64_t top = 3;
  ExecutionFlags execution = {};
  std::string data_dir = {};
  bool whole = false;    ///< gives a picture to the model as it is, without looking for digits
  bool explain = false;  ///< shows pictures as they are and as the model sees them
  std::string out = {};  ///< the file of all predictions
  bool json = false;
};

/// `cornu predict`: the classes that a model predicts for the first samples of a data set, or for
/// pictures, with their probabilities. Returns the exit status.
int predict(const PredictOptions& options);

}  // namespace cornu::inline v0::cli
