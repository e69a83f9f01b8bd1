#pragma once

#include <concepts>

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

struct TopKOptions {
  int64_t k = 5;          ///< number of largest outputs that count, > 0
  std::string name = {};  ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("k", self.k);
    v("name", self.name);
  }
};

/// The fraction of samples whose class, the index of the largest target, is among the k largest
/// outputs; of equal outputs the lower index comes first. Shapes: (None, …, classes) both. Error
/// for other shapes, and for a k below 1.
class CORNU_API TopKCategoricalAccuracy final : public Metric {
 public:
  static constexpr std::string_view kName = "top_k_categorical_accuracy";
  using Options = TopKOptions;
  explicit TopKCategoricalAccuracy(TopKOptions options = {});
  /// The first option by position.
  template <std::integral Integer>
  explicit TopKCategoricalAccuracy(Integer k)
      : TopKCategoricalAccuracy(TopKOptions{.k = static_cast<int64_t>(k)}) {}
};

/// The fraction of samples whose class, the label, is among the k largest outputs; of equal outputs
/// the lower index comes first. Shapes: y_pred (None, …, classes), y_true (None, …). Error for
/// other shapes, and for a k below 1.
class CORNU_API SparseTopKCategoricalAccuracy final : public Metric {
 public:
  static constexpr std::string_view kName = "sparse_top_k_categorical_accuracy";
  using Options = TopKOptions;
  explicit SparseTopKCategoricalAccuracy(TopKOptions options = {});
  /// The first option by position.
  template <std::integral Integer>
  explicit SparseTopKCategoricalAccuracy(Integer k)
      : SparseTopKCategoricalAccuracy(TopKOptions{.k = static_cast<int64_t>(k)}) {}
};

}  // namespace cornu::inline v0
