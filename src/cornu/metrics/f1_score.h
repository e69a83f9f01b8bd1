#pragma once

#include <optional>
#include <utility>

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

struct F1ScoreOptions {
  /// How the scores of classes are combined: "macro", their mean; "weighted", their mean weighted
  /// by the number of targets of each class; "micro", the score of all classes' counts together.
  /// Keras's None, one score per class, is not supported.
  std::string average = "macro";
  /// Outputs above it are positive; none: the largest of each row is, unless |output| <= 1e-9.
  std::optional<double> threshold = {};
  std::string name = {};  ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("average", self.average);
    v("threshold", self.threshold);
    v("name", self.name);
  }
};

/// The harmonic mean 2pr / (p + r) of precision and recall per class, 1e-7 added to each divisor.
/// Shapes: (None, classes) both. Error for other shapes, another average and a threshold outside
/// (0, 1].
class CORNU_API F1Score final : public Metric {
 public:
  static constexpr std::string_view kName = "f1_score";
  using Options = F1ScoreOptions;
  explicit F1Score(F1ScoreOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit F1Score(std::string average, std::optional<double> threshold = {})
      : F1Score(F1ScoreOptions{.average = std::move(average), .threshold = threshold}) {}
};

}  // namespace cornu::inline v0
