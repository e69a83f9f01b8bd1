#pragma once

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

struct BinaryAccuracyOptions {
  double threshold = 0.5;  ///< outputs above it count as 1, 0 to 1
  std::string name = {};   ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("threshold", self.threshold);
    v("name", self.name);
  }
};

/// The fraction of outputs on the right side of the threshold: above it for a target of 1, not
/// above it for a target of 0. Shapes: (None, …) both; (None,) targets go with (None, 1). Error for
/// a threshold outside [0, 1] and other shapes.
class CORNU_API BinaryAccuracy final : public Metric {
 public:
  static constexpr std::string_view kName = "binary_accuracy";
  using Options = BinaryAccuracyOptions;
  explicit BinaryAccuracy(BinaryAccuracyOptions options = {});
  /// The first option by position.
  template <class = void>
  explicit BinaryAccuracy(double threshold)
      : BinaryAccuracy(BinaryAccuracyOptions{.threshold = threshold}) {}
};

}  // namespace cornu::inline v0
