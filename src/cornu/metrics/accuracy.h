#pragma once

#include "cornu/metrics/metric_with.h"

namespace cornu::inline v0 {

/// The fraction of samples that are right, as the shapes say: outputs (None, 1) as
/// "binary_accuracy", else the largest output against a label or the largest of one-hot targets;
/// ties go to the lower index. Error where neither fits.
class CORNU_API Accuracy final : public Metric {
 public:
  static constexpr std::string_view kName = "accuracy";
  using Options = MetricOptions;
  explicit Accuracy(MetricOptions options = {});
};

}  // namespace cornu::inline v0
