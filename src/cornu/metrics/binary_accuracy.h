#pragma once

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

struct BinaryAccuracyOptions {
  double threshold = 0.5;  ///< outputs above it count as 1, 0 to 1
  std::string name = {};   ///< what logs call it; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("threshold", self.threshold);
    v("name", self.name);
  }
};

/// How many outputs lie on the side of the threshold that their target, 0 or 1, names: above it for
/// 1. Shapes: (None, …) both; (None,) targets go with (None, 1). Error for a threshold outside
/// [0, 1] and other shapes.
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
