#pragma once

#include "cornu/metrics/metric_with.h"

namespace cornu::inline v0 {

/// The fraction of samples that are classified correctly. Outputs (None, …, 1) count as in
/// "binary_accuracy"; else the index of the largest output along the last axis is compared with the
/// label, or with the index of the largest of one-hot targets; a sample may have several. Ties go
/// to the lower index. Error if neither fits.
class CORNU_API Accuracy final : public Metric {
 public:
  static constexpr std::string_view kName = "accuracy";
  using Options = MetricOptions;
  explicit Accuracy(MetricOptions options = {});
};

}  // namespace cornu::inline v0
