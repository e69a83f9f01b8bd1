#pragma once

#include "cornu/metrics/metric_with.h"

namespace cornu::inline v0::metrics {

/// The mean of (y_pred − y_true)² over outputs and samples. Shapes: (None, …) both; (None,) targets
/// go with (None, 1). Error for other shapes.
class CORNU_API MeanSquaredError final : public Metric {
 public:
  static constexpr std::string_view kName = "mean_squared_error";
  using Options = MetricOptions;
  explicit MeanSquaredError(MetricOptions options = {});
};

/// The square root of the mean of (y_pred − y_true)² over outputs and samples. Shapes: (None, …)
/// both; (None,) targets go with (None, 1). Error for other shapes.
class CORNU_API RootMeanSquaredError final : public Metric {
 public:
  static constexpr std::string_view kName = "root_mean_squared_error";
  using Options = MetricOptions;
  explicit RootMeanSquaredError(MetricOptions options = {});
};

/// The mean of |y_pred − y_true| over outputs and samples. Shapes: (None, …) both; (None,) targets
/// go with (None, 1). Error for other shapes.
class CORNU_API MeanAbsoluteError final : public Metric {
 public:
  static constexpr std::string_view kName = "mean_absolute_error";
  using Options = MetricOptions;
  explicit MeanAbsoluteError(MetricOptions options = {});
};

}  // namespace cornu::inline v0::metrics
