#pragma once

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

/// The samples of each true class (row) and predicted class (column), counted by their weights in
/// float64. Threads may read one at the same time; one thread adds.
class CORNU_API ConfusionMatrix {
 public:
  /// Error for fewer classes than 1.
  explicit ConfusionMatrix(int64_t classes);
  /// Adds a batch. The true class is the label or the index of the largest target, the predicted
  /// one the index of the largest output; a single output means class 1 if above 0.5. Error for a
  /// class out of range.
  void update(const Outcome& outcome);
  /// Adds one sample.
  void add(int64_t true_class, int64_t predicted_class, double weight = 1);
  int64_t classes() const { return classes_; }
  double operator()(int64_t true_class, int64_t predicted_class) const;
  /// float64 (classes, classes).
  Tensor matrix() const;
  void reset();

 private:
  int64_t classes_;
  std::vector<double> counts_;
};

/// The matrix of labels and predicted classes, integers (n,) both; each sample counts by its
/// `sample_weight`, float32 (n,), unless that is empty. `classes` 0: the largest class plus 1.
CORNU_API Tensor confusion_matrix(TensorView y_true, TensorView y_pred, int64_t classes = 0,
                                  TensorView sample_weight = {});

}  // namespace cornu::inline v0
