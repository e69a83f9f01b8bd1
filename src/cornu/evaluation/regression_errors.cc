#include "cornu/evaluation/regression_errors.h"

#include <cmath>

namespace cornu::inline v0 {

void RegressionErrors::add(double predicted, double target) {
  const double error = predicted - target;
  error_ += error;
  absolute_ += std::abs(error);
  squared_ += error * error;
  const double distance = target - mean_;
  mean_ += distance / static_cast<double>(++count_);
  spread_ += distance * (target - mean_);
}

double RegressionErrors::root_mean_squared_error() const {
  return std::sqrt(mean(squared_));
}

double RegressionErrors::r2() const {
  return spread_ > 0 ? 1 - squared_ / spread_ : 0;
}

}  // namespace cornu::inline v0
