#pragma once

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

struct AUCOptions {
  int64_t num_thresholds = 200;
  std::string curve = "ROC";  ///< or "PR"
  /// Of the curve between two thresholds: "interpolation", the lower end "minoring" or the upper
  /// "majoring".
  std::string summation_method = "interpolation";
  bool multi_label = false;  ///< the mean of each column's, where else all count together
  bool from_logits = false;  ///< outputs are before their sigmoid
  std::string name = {};

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
/// Keras does; the PR curve is interpolated as Davis and Goadrich (2006) have it. Shapes: (None, …)
/// both; (None,) targets go with (None, 1). Error for others, fewer thresholds than 2 and another
/// curve or method.
class CORNU_API AUC final : public Metric {
 public:
  static constexpr std::string_view kName = "auc";
  using Options = AUCOptions;
  explicit AUC(AUCOptions options = {});
};

}  // namespace cornu::inline v0
