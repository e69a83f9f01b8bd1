#pragma once

#include "cornu/metrics/metric_with.h"

namespace cornu::inline v0::metrics {

/// The mean of the hinge loss over the samples, max(1 − y_true·y_pred, 0) of each output, targets
/// −1 or 1; a target 0 counts as −1. Shapes: (None, …) both; (None,) targets go with (None, 1).
/// Error for other shapes and targets.
class CORNU_API Hinge final : public Metric {
 public:
  static constexpr std::string_view kName = "hinge";
  using Options = MetricOptions;
  explicit Hinge(MetricOptions options = {});
};

/// The mean of the squared hinge loss over the samples, max(1 − y_true·y_pred, 0)² of each output,
/// targets −1 or 1; a target 0 counts as −1. Shapes: (None, …) both; (None,) targets go with (None,
/// 1). Error for other shapes and targets.
class CORNU_API SquaredHinge final : public Metric {
 public:
  static constexpr std::string_view kName = "squared_hinge";
  using Options = MetricOptions;
  explicit SquaredHinge(MetricOptions options = {});
};

/// The mean over the samples of how much less than 1 the output of the target's class is above
/// every other: max(max_j (1 − y_true)·y_pred − Σ_j y_true·y_pred + 1, 0) along the last axis.
/// Shapes: (None, …, classes) both. Error for other shapes, and targets outside [−1, 1].
class CORNU_API CategoricalHinge final : public Metric {
 public:
  static constexpr std::string_view kName = "categorical_hinge";
  using Options = MetricOptions;
  explicit CategoricalHinge(MetricOptions options = {});
};

}  // namespace cornu::inline v0::metrics
