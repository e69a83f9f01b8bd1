#pragma once

#include <concepts>
#include <utility>

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

struct AUCOptions {
  int64_t num_thresholds = 200;  ///< points of the curve, 2 to 1,000,000
  std::string curve = "ROC";     ///< "ROC" or "PR"
  /// Height of the curve between two thresholds: "interpolation", the lower end ("minoring") or the
  /// upper one ("majoring").
  std::string summation_method = "interpolation";
  bool multi_label = false;  ///< mean of the areas of the columns; else one area of all together
  bool from_logits = false;  ///< whether outputs are logits, before a sigmoid
  std::string name = {};     ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("num_thresholds", self.num_thresholds);
    v("curve", self.curve);
    v("summation_method", self.summation_method);
    v("multi_label", self.multi_label);
    v("from_logits", self.from_logits);
    v("name", self.name);
  }
};

/// The area under the curve of true over false positives (ROC), or of precision over recall (PR),
/// summed over thresholds i / (num_thresholds − 1), the first and last put just outside [0, 1], as
/// Keras does; the PR curve is interpolated as in Davis and Goadrich (2006). Shapes: (None, …)
/// both; (None,) targets go with (None, 1). Error for other shapes, fewer than 2 thresholds, and
/// another curve or method.
class CORNU_API AUC final : public Metric {
 public:
  static constexpr std::string_view kName = "auc";
  using Options = AUCOptions;
  explicit AUC(AUCOptions options = {});
  /// The first option, or the first two, by position.
  template <std::integral Integer>
  explicit AUC(Integer num_thresholds, std::string curve = "ROC")
      : AUC(AUCOptions{.num_thresholds = static_cast<int64_t>(num_thresholds),
                       .curve = std::move(curve)}) {}
};

}  // namespace cornu::inline v0
