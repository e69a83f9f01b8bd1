#pragma once

#include <cstdint>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"
#include "cornu/evaluation/calibration.h"
#include "cornu/evaluation/largest.h"
#include "cornu/metrics/confusion_matrix.h"

namespace cornu::inline v0 {

/// A sample that was taken for another class.
struct Mistake {
  int64_t sample = 0, true_class = 0, predicted_class = 0;
  double p_true = 0, p_predicted = 0;  ///< the outputs of both classes
  /// With probabilities −log p_true, else the distance of the two outputs.
  double loss = 0;
};

/// What a classifier makes of samples, counted part by part, so that no more than a part of its
/// outputs is in memory.
class CORNU_API ClassResults {
 public:
  /// `are_probabilities`: whether outputs say how sure they are.
  ClassResults(int64_t classes, bool are_probabilities, size_t most_mistakes = 24);
  /// Adds outputs (n, classes), or (n, 1) for class 1 of two, and labels, integers (n,).
  void add(TensorView outputs, TensorView labels);

  int64_t samples() const { return samples_; }
  bool are_probabilities() const { return are_probabilities_; }
  const ConfusionMatrix& matrix() const { return matrix_; }
  /// Of no samples without probabilities.
  const Calibration& calibration() const { return calibration_; }
  /// Those of the largest loss, the largest first.
  const std::vector<Mistake>& worst() const { return worst_.items(); }

 private:
  void add_one(const std::vector<double>& row, int64_t label);

  int64_t classes_, samples_ = 0;
  bool are_probabilities_;
  ConfusionMatrix matrix_;
  Calibration calibration_;
  Largest<Mistake> worst_;
};

}  // namespace cornu::inline v0
