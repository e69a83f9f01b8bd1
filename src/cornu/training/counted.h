#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

/// A metric of one of a network's outputs, and its name in logs.
struct OutputMetric {
  Metric metric;
  std::string name;
  size_t output = 0;
  bool weighted = false;  ///< whether samples count by their weights
};

/// The losses and metrics to count for a network's outputs.
struct Counted {
  std::vector<OutputMetric> metrics = {};
  /// The names in logs of the loss of each output; empty if there is only one output.
  std::vector<std::string> loss_names = {};
};

}  // namespace cornu::inline v0
