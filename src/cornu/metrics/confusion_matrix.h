#pragma once

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

/// How often each class was taken for each: row the true class, column the predicted one, counted
/// in float64 by the samples' weights. Threads may read one at the same time; one thread adds.
class CORNU_API ConfusionMatrix {
 public:
  /// Error for fewer classes than 1.
  explicit ConfusionMatrix(int64_t classes);
  /// The classes of a batch: labels or the largest of one-hot targets, and the largest outputs; one
  /// output counts as class 1 above 0.5. Error for a class that is none.
  void update(const Outcome& outcome);
  /// One sample.
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

/// The matrix of labels and predicted classes, integers (n,) both, each sample by its weight where
/// `sample_weight`, float32 (n,), is not empty. `classes` 0: as many as are named.
CORNU_API Tensor confusion_matrix(TensorView y_true, TensorView y_pred, int64_t classes = 0,
                                  TensorView sample_weight = {});

}  // namespace cornu::inline v0
