#pragma once

#include <optional>
#include <string>

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

struct ConfusionCountOptions {
  /// Outputs above it are positive; none: 0.5. Only one number.
  std::optional<double> thresholds = {};
  std::string name = {};  ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("thresholds", self.thresholds);
    v("name", self.name);
  }
};

/// The number of positive outputs whose target is positive, each by its sample's weight. Shapes:
/// (None, …) both; (None,) targets go with (None, 1). Error for other shapes and thresholds outside
/// [0, 1].
class CORNU_API TruePositives final : public Metric {
 public:
  static constexpr std::string_view kName = "true_positives";
  using Options = ConfusionCountOptions;
  explicit TruePositives(ConfusionCountOptions options = {});
};

/// The number of outputs that are not positive, nor their target, each by its sample's weight.
/// Shapes: (None, …) both; (None,) targets go with (None, 1). Error for other shapes and thresholds
/// outside [0, 1].
class CORNU_API TrueNegatives final : public Metric {
 public:
  static constexpr std::string_view kName = "true_negatives";
  using Options = ConfusionCountOptions;
  explicit TrueNegatives(ConfusionCountOptions options = {});
};

/// The number of positive outputs whose target is not, each by its sample's weight. Shapes: (None,
/// …) both; (None,) targets go with (None, 1). Error for other shapes and thresholds outside [0,
/// 1].
class CORNU_API FalsePositives final : public Metric {
 public:
  static constexpr std::string_view kName = "false_positives";
  using Options = ConfusionCountOptions;
  explicit FalsePositives(ConfusionCountOptions options = {});
};

/// The number of positive targets whose output is not, each by its sample's weight. Shapes: (None,
/// …) both; (None,) targets go with (None, 1). Error for other shapes and thresholds outside [0,
/// 1].
class CORNU_API FalseNegatives final : public Metric {
 public:
  static constexpr std::string_view kName = "false_negatives";
  using Options = ConfusionCountOptions;
  explicit FalseNegatives(ConfusionCountOptions options = {});
};

}  // namespace cornu::inline v0
