#include "cornu/evaluation/number_results.h"

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

// An output may be a picture.
constexpr size_t kNumbersOfMiss = 4;

}  // namespace

void NumberResults::add(TensorView outputs, TensorView targets) {
  if (outputs.size() != targets.size()) {
    throw Error({.where = "NumberResults",
                 .expected = "outputs of shape " + targets.shape().str(),
                 .found = outputs.shape().str()});
  }
  const int64_t width = targets.shape().without_rows().size();
  for (int64_t row = 0; row < targets.shape()[0]; ++row) {
    Miss miss{.sample = samples_++};
    for (int64_t i = row * width; i < (row + 1) * width; ++i) {
      const PredictedNumber each{outputs.at(i), targets.at(i)};
      keep_point(each);
      errors_.add(each.predicted, each.target);
      const double error = each.predicted - each.target;
      miss.loss += error * error / static_cast<double>(width);
      if (miss.target.size() == kNumbersOfMiss) continue;
      miss.predicted.push_back(each.predicted);
      miss.target.push_back(each.target);
    }
    worst_.add(miss);
  }
}

// Before the number is counted.
void NumberResults::keep_point(const PredictedNumber& point) {
  if (errors_.count() % every_ != 0) return;
  if (points_.size() == most_points_) {
    for (size_t i = 0; 2 * i < points_.size(); ++i) points_[i] = points_[2 * i];
    points_.resize((points_.size() + 1) / 2);
    every_ *= 2;
    if (errors_.count() % every_ != 0) return;
  }
  points_.push_back(point);
}

}  // namespace cornu::inline v0
