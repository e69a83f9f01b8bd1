#pragma once

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

struct BinaryAccuracyOptions {
  double threshold = 0.5;
  std::string name = {};

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
};

}  // namespace cornu::inline v0
