#pragma once

#include <cstdint>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// How far predicted numbers are from their targets.
class CORNU_API RegressionErrors {
 public:
  void add(double predicted, double target);
  int64_t count() const { return count_; }
  double mean_absolute_error() const { return mean(absolute_); }
  double root_mean_squared_error() const;
  /// Of predicted − target: above 0 where the predictions are too large.
  double mean_error() const { return mean(error_); }
  /// The part of the targets' variance that is explained; 0 where they do not vary.
  double r2() const;

 private:
  double mean(double sum) const { return count_ > 0 ? sum / static_cast<double>(count_) : 0; }

  int64_t count_ = 0;
  double error_ = 0, absolute_ = 0, squared_ = 0;
  // Of the targets: mean, and sum of squared distances to it (Welford, 1962).
  double mean_ = 0, spread_ = 0;
};

}  // namespace cornu::inline v0
