#pragma once

#include <optional>

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

struct PrecisionRecallOptions {
  /// Above it an output is positive; none: 0.5, or with `top_k` any. One number: a metric is one.
  std::optional<double> thresholds = {};
  int64_t top_k = 0;      ///< only the k largest outputs of a sample may count as 1; 0: all
  int64_t class_id = -1;  ///< the only column that counts; -1: all
  std::string name = {};  ///< what logs call it; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("thresholds", self.thresholds);
    v("top_k", self.top_k);
    v("class_id", self.class_id);
    v("name", self.name);
  }
};

/// How many of the positive outputs have a positive target, tp / (tp + fp), 0 where there are none.
/// Shapes: (None, …) both; (None,) targets go with (None, 1). Error for other shapes, thresholds
/// outside [0, 1], a top_k below 0 and a class_id that is no column.
class CORNU_API Precision final : public Metric {
 public:
  static constexpr std::string_view kName = "precision";
  using Options = PrecisionRecallOptions;
  explicit Precision(PrecisionRecallOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit Precision(std::optional<double> thresholds, int64_t top_k = 0)
      : Precision(PrecisionRecallOptions{.thresholds = thresholds, .top_k = top_k}) {}
};

/// How many of the positive targets have a positive output, tp / (tp + fn), 0 where there are none.
/// Otherwise as Precision.
class CORNU_API Recall final : public Metric {
 public:
  static constexpr std::string_view kName = "recall";
  using Options = PrecisionRecallOptions;
  explicit Recall(PrecisionRecallOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit Recall(std::optional<double> thresholds, int64_t top_k = 0)
      : Recall(PrecisionRecallOptions{.thresholds = thresholds, .top_k = top_k}) {}
};

}  // namespace cornu::inline v0
