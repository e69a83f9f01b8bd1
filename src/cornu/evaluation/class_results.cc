#include "cornu/evaluation/class_results.h"

#include <algorithm>
#include <cmath>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

// As in Keras's cross-entropies.
constexpr double kLeastProbability = 1e-7;

}  // namespace

ClassResults::ClassResults(int64_t classes, bool are_probabilities, size_t most_mistakes)
    : classes_(classes),
      are_probabilities_(are_probabilities),
      matrix_(classes),
      worst_(most_mistakes) {}

void ClassResults::add(TensorView outputs, TensorView labels) {
  const int64_t rows = labels.size();
  const int64_t width = rows > 0 ? outputs.size() / rows : classes_;
  const bool is_single = width == 1 && classes_ == 2;
  if (outputs.size() != rows * width || (width != classes_ && !is_single)) {
    throw Error({.where = "ClassResults",
                 .expected = "outputs of shape " + Shape{rows, classes_}.str(),
                 .found = outputs.shape().str()});
  }
  std::vector<double> row(static_cast<size_t>(classes_));
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < width; ++j) row[static_cast<size_t>(j)] = outputs.at(i * width + j);
    if (is_single) row = {1 - row[0], row[0]};
    add_one(row, static_cast<int64_t>(labels.at(i)));
  }
}

void ClassResults::add_one(const std::vector<double>& row, int64_t label) {
  const auto predicted = std::max_element(row.begin(), row.end()) - row.begin();
  matrix_.add(label, predicted);
  const double p_true = row[static_cast<size_t>(label)];
  const double p_predicted = row[static_cast<size_t>(predicted)];
  if (are_probabilities_) calibration_.add(p_predicted, predicted == label);
  if (predicted != label) {
    const double loss =
        are_probabilities_ ? -std::log(std::max(p_true, kLeastProbability)) : p_predicted - p_true;
    worst_.add({samples_, label, predicted, p_true, p_predicted, loss});
  }
  ++samples_;
}

}  // namespace cornu::inline v0
