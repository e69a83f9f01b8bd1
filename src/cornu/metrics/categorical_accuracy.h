#pragma once

#include "cornu/metrics/metric_with.h"

namespace cornu::inline v0 {

/// The fraction of samples whose largest output has the index of the largest target; ties go to the
/// lower index. Shapes: (None, …, classes) both, of 2 classes or more. Error for other shapes.
class CORNU_API CategoricalAccuracy final : public Metric {
 public:
  static constexpr std::string_view kName = "categorical_accuracy";
  using Options = MetricOptions;
  explicit CategoricalAccuracy(MetricOptions options = {});
};

/// The fraction of samples whose largest output has the index that is their label; ties go to the
/// lower index. Shapes: y_pred (None, …, classes), of 2 classes or more, y_true (None, …), one for
/// each line. Error for other shapes.
class CORNU_API SparseCategoricalAccuracy final : public Metric {
 public:
  static constexpr std::string_view kName = "sparse_categorical_accuracy";
  using Options = MetricOptions;
  explicit SparseCategoricalAccuracy(MetricOptions options = {});
};

}  // namespace cornu::inline v0
