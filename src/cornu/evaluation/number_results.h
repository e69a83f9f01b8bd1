#pragma once

#include <cstdint>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"
#include "cornu/evaluation/largest.h"
#include "cornu/evaluation/regression_errors.h"

namespace cornu::inline v0 {

/// A sample whose numbers are far from their targets.
struct Miss {
  int64_t sample = 0;
  double loss = 0;                                  ///< mean squared error of its numbers
  std::vector<double> predicted = {}, target = {};  ///< the first few
};

/// A predicted number and its target.
struct PredictedNumber {
  double predicted = 0, target = 0;
};

/// What a network that predicts numbers makes of samples, counted part by part.
class CORNU_API NumberResults {
 public:
  /// Of more numbers than `most_points` every second, fourth, … is kept for a picture.
  explicit NumberResults(size_t most_misses = 24, size_t most_points = 2000)
      : most_points_(most_points), worst_(most_misses) {}
  /// Adds outputs and targets of the same size, (n, …) both.
  void add(TensorView outputs, TensorView targets);

  int64_t samples() const { return samples_; }
  const RegressionErrors& errors() const { return errors_; }
  const std::vector<PredictedNumber>& points() const { return points_; }
  /// Those of the largest error, the largest first.
  const std::vector<Miss>& worst() const { return worst_.items(); }

 private:
  void keep_point(const PredictedNumber& point);

  size_t most_points_;
  int64_t samples_ = 0, every_ = 1;
  RegressionErrors errors_;
  std::vector<PredictedNumber> points_;
  Largest<Miss> worst_;
};

}  // namespace cornu::inline v0
