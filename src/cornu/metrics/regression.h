#pragma once

#include <cstdint>
#include <string>

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

/// The mean over outputs and samples of errors in percent of the targets, 100·|y_pred − y_true| /
/// max(|y_true|, 1e-7). Shapes: (None, …) both; (None,) targets go with (None, 1). Error for other
/// shapes. Its other names: "mape", "MAPE".
class CORNU_API MeanAbsolutePercentageError final : public Metric {
 public:
  static constexpr std::string_view kName = "mean_absolute_percentage_error";
  using Options = MetricOptions;
  explicit MeanAbsolutePercentageError(MetricOptions options = {});
};

/// The mean of (log(1 + y_pred) − log(1 + y_true))² over outputs and samples, both raised to at
/// least 1e-7 first. Shapes: (None, …) both; (None,) targets go with (None, 1). Error for other
/// shapes and targets below 0. Its other names: "msle", "MSLE".
class CORNU_API MeanSquaredLogarithmicError final : public Metric {
 public:
  static constexpr std::string_view kName = "mean_squared_logarithmic_error";
  using Options = MetricOptions;
  explicit MeanSquaredLogarithmicError(MetricOptions options = {});
};

struct LogCoshErrorOptions {
  std::string name = "logcosh";  ///< name in logs

  static void visit_fields(auto& self, auto& v) { v("name", self.name); }
};

/// The mean of log cosh(y_pred − y_true) over outputs and samples. Shapes: (None, …) both; (None,)
/// targets go with (None, 1). Error for other shapes. Its other names: "log_cosh", "logcosh".
class CORNU_API LogCoshError final : public Metric {
 public:
  static constexpr std::string_view kName = "log_cosh_error";
  using Options = LogCoshErrorOptions;
  explicit LogCoshError(LogCoshErrorOptions options = {});
};

struct CosineSimilarityOptions {
  int64_t axis = -1;      ///< axis along which it is computed, which must be the last
  std::string name = {};  ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("name", self.name);
  }
};

/// The mean over the samples of the cosine of the angle between targets and outputs, Σ_j
/// y_true/‖y_true‖ · y_pred/‖y_pred‖ along the last axis: 1 where both point the same way, −1 where
/// they are opposed; minus the loss of this name. Norms are Euclidean and at least 1e-7. Shapes:
/// (None, …, n) both. Error for other shapes and another axis.
class CORNU_API CosineSimilarity final : public Metric {
 public:
  static constexpr std::string_view kName = "cosine_similarity";
  using Options = CosineSimilarityOptions;
  explicit CosineSimilarity(CosineSimilarityOptions options = {});
};

}  // namespace cornu::inline v0::metrics
