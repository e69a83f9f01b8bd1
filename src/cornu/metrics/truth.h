#pragma once

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

/// Stored numbers, decoded: (stored − offset) / divisor.
class Numbers {
 public:
  Numbers(TensorView view, const InputEncoding& encoding = {})
      : view_(view),
        plain_(view.dtype() == DType::float32 && encoding.is_identity() ? view.span<float>().data()
                                                                        : nullptr),
        encoding_(encoding) {}

  double operator[](int64_t i) const {
    if (plain_ != nullptr) return static_cast<double>(plain_[i]);
    return (view_.at(i) - encoding_.offset) / encoding_.divisor;
  }

 private:
  TensorView view_;
  const float* plain_;
  InputEncoding encoding_;
};

/// Outputs and targets of a batch, row by row; labels that will become one-hot are read as one-hot.
class OutcomeRows {
 public:
  explicit OutcomeRows(const Outcome& outcome)
      : y_pred_(outcome.y_pred),
        y_true_(outcome.y_true, numbers_of(*outcome.target)),
        count_(outcome.y_pred.shape()[0]),
        width_(outcome.y_pred.size() / outcome.y_pred.shape()[0]),
        true_width_(outcome.y_true.size() / outcome.y_true.shape()[0]),
        is_one_hot_(outcome.target->encoding.classes > 0),
        is_float32_(outcome.y_pred.dtype() == DType::float32) {}

  /// `number` rounded to float32 if outputs are float32. Outputs are compared with the rounded
  /// number, as in Keras, so that an output of 0.3f is not above 0.3.
  double as_output(double number) const {
    return is_float32_ ? static_cast<double>(static_cast<float>(number)) : number;
  }
  int64_t count() const { return count_; }
  /// Number of outputs in a row.
  int64_t width() const { return width_; }
  double predicted(int64_t row, int64_t i) const { return y_pred_[row * width_ + i]; }
  /// Number i of a row's target, which has one for each output.
  double target(int64_t row, int64_t i) const {
    if (is_one_hot_) return label(row) == i ? 1 : 0;
    return y_true_[row * true_width_ + i];
  }
  /// The target of a row, if that is a label.
  int64_t label(int64_t row) const { return static_cast<int64_t>(y_true_[row * true_width_]); }
  /// The class of a row's target: its label, or the first of its largest numbers.
  int64_t true_class(int64_t row) const {
    if (is_one_hot_ || true_width_ == 1) return label(row);
    return largest([&](int64_t i) { return target(row, i); });
  }
  int64_t predicted_class(int64_t row) const {
    return largest([&](int64_t i) { return predicted(row, i); });
  }
  /// Whether a class is among the k largest outputs of a row; of equal outputs the lower index
  /// comes first.
  bool is_among_largest(int64_t row, int64_t which, int64_t k) const {
    if (which < 0 || which >= width_) return false;
    const double value = predicted(row, which);
    if (value != value) return false;
    int64_t before = 0;
    for (int64_t i = 0; i < width_; ++i) {
      const double other = predicted(row, i);
      // NaN counts as larger than any number.
      before += other > value || other != other || (other == value && i < which) ? 1 : 0;
    }
    return before < k;
  }

 private:
  // A label that will become one-hot is stored as a label.
  static InputEncoding numbers_of(const Field& target) {
    return target.encoding.classes > 0 ? InputEncoding{.dtype = target.encoding.dtype}
                                       : target.encoding;
  }

  template <class At>
  int64_t largest(const At& at) const {
    int64_t best = 0;
    for (int64_t i = 0; i < width_; ++i) {
      if (at(i) != at(i)) return i;
      if (at(i) > at(best)) best = i;
    }
    return best;
  }

  Numbers y_pred_, y_true_;
  int64_t count_, width_, true_width_;
  bool is_one_hot_, is_float32_;
};

/// The same with each line along the last axis of outputs (None, …, classes) as a row; sample
/// weights stay as they are.
Outcome by_lines(const Outcome& outcome);

/// The rows of by_lines().
class OutcomeLines : public OutcomeRows {
 public:
  explicit OutcomeLines(const Outcome& outcome) : OutcomeRows(by_lines(outcome)) {}
};

/// Error, which names the option, unless 0 <= threshold <= 1.
void check_threshold(std::string_view metric, const char* option, double threshold);
/// Error unless targets are numbers, as many as outputs; (None,) goes with (None, 1).
void check_same_shape(std::string_view metric, const Field& target, const Shape& y_pred);
/// Error unless outputs are (None, …, classes) and targets, such as one-hot rows, have that shape.
void check_one_hot(std::string_view metric, const Field& target, const Shape& y_pred);
/// Error unless outputs are (None, …, classes) and targets one label per line.
void check_labels(std::string_view metric, const Field& target, const Shape& y_pred);
/// Error if outputs have one column, which would be the largest in every row.
void check_columns(std::string_view metric, const Shape& y_pred, const char* hint);

}  // namespace cornu::inline v0
