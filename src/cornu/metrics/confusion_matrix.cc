#include "cornu/metrics/confusion_matrix.h"

#include <algorithm>

#include "cornu/core/error.h"
#include "cornu/metrics/truth.h"

namespace cornu::inline v0 {

ConfusionMatrix::ConfusionMatrix(int64_t classes) : classes_(classes) {
  constexpr int64_t kMost = 30'000;
  if (classes < 1 || classes > kMost) {
    throw Error({.where = "ConfusionMatrix",
                 .expected = "classes from 1 to " + std::to_string(kMost),
                 .found = std::to_string(classes)});
  }
  counts_.resize(static_cast<size_t>(classes * classes));
}

void ConfusionMatrix::add(int64_t true_class, int64_t predicted_class, double weight) {
  for (const int64_t each : {true_class, predicted_class}) {
    if (each >= 0 && each < classes_) continue;
    throw Error({.where = "ConfusionMatrix",
                 .expected = "classes 0 … " + std::to_string(classes_ - 1),
                 .found = std::to_string(each)});
  }
  counts_[static_cast<size_t>(true_class * classes_ + predicted_class)] += weight;
}

void ConfusionMatrix::update(const Outcome& outcome) {
  const OutcomeRows rows(outcome);
  const bool weighted = outcome.sample_weight.data() != nullptr;
  for (int64_t row = 0; row < outcome.y_pred.shape()[0]; ++row) {
    const int64_t predicted = rows.width() > 1               ? rows.predicted_class(row)
                              : rows.predicted(row, 0) > 0.5 ? 1
                                                             : 0;
    add(rows.true_class(row), predicted, weighted ? outcome.sample_weight.at(row) : 1);
  }
}

double ConfusionMatrix::operator()(int64_t true_class, int64_t predicted_class) const {
  return counts_.at(static_cast<size_t>(true_class * classes_ + predicted_class));
}

Tensor ConfusionMatrix::matrix() const {
  Tensor matrix(Shape{classes_, classes_}, DType::float64);
  std::ranges::copy(counts_, matrix.span<double>().begin());
  return matrix;
}

void ConfusionMatrix::reset() {
  std::ranges::fill(counts_, 0);
}

Tensor confusion_matrix(TensorView y_true, TensorView y_pred, int64_t classes,
                        TensorView sample_weight) {
  const int64_t rows = y_true.size();
  if (y_pred.size() != rows || (sample_weight.data() != nullptr && sample_weight.size() != rows)) {
    throw Error({.where = "confusion_matrix",
                 .expected = "as many predictions, and weights, as labels",
                 .found = std::to_string(y_pred.size()) + " and " +
                          std::to_string(sample_weight.size()) + " for " + std::to_string(rows)});
  }
  const auto class_of = [](TensorView view, int64_t i) { return static_cast<int64_t>(view.at(i)); };
  int64_t named = 1;
  for (int64_t i = 0; i < rows; ++i) {
    named = std::max({named, class_of(y_true, i) + 1, class_of(y_pred, i) + 1});
  }
  ConfusionMatrix matrix(classes == 0 ? named : classes);
  for (int64_t i = 0; i < rows; ++i) {
    matrix.add(class_of(y_true, i), class_of(y_pred, i),
               sample_weight.data() == nullptr ? 1 : sample_weight.at(i));
  }
  return matrix.matrix();
}

}  // namespace cornu::inline v0
