#pragma once

#include <optional>

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

struct PrecisionRecallOptions {
  /// Outputs above it are positive; none: 0.5, or with `top_k` no threshold. Only one number.
  std::optional<double> thresholds = {};
  int64_t top_k = 0;      ///< only the k largest outputs of a sample may be positive; 0: all
  int64_t class_id = -1;  ///< the only column that counts; -1: all
  std::string name = {};  ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("thresholds", self.thresholds);
    v("top_k", self.top_k);
    v("class_id", self.class_id);
    v("name", self.name);
  }
};

/// The fraction of positive outputs whose target is positive, tp / (tp + fp), 0 if there are none.
/// Shapes: (None, …) both; (None,) targets go with (None, 1). Error for other shapes, thresholds
/// outside [0, 1], a top_k below 0 and a class_id that is not a column.
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

/// The fraction of positive targets whose output is positive, tp / (tp + fn), 0 if there are none.
/// Shapes: (None, …) both; (None,) targets go with (None, 1). Error for other shapes, thresholds
/// outside [0, 1], a top_k below 0 and a class_id that is not a column.
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
