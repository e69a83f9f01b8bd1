#include "cornu/metrics/accuracy.h"

#include <algorithm>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/metrics/binary_accuracy.h"
#include "cornu/metrics/truth.h"

namespace cornu::inline v0 {
namespace {

// The first largest of at(0), …, at(size - 1); NaN counts as larger than any number, as in NumPy.
template <class At>
int64_t largest_of(int64_t size, const At& at) {
  int64_t best = 0;
  for (int64_t i = 0; i < size; ++i) {
    if (at(i) != at(i)) return i;
    if (at(i) > at(best)) best = i;
  }
  return best;
}

int64_t largest(TensorView values, int64_t begin, int64_t size) {
  if (values.dtype() == DType::float32) {
    const float* const row = values.span<float>().data() + begin;
    return largest_of(size, [row](int64_t i) { return row[i]; });
  }
  return largest_of(size, [&](int64_t i) { return values.at(begin + i); });
}

// Whether largest_of(row) is `index`; it does not branch on the other numbers.
bool is_largest(const float* row, int64_t size, int64_t index) {
  if (index < 0 || index >= size) return false;  // a label of no class
  const float best = row[index];
  if (best != best) return largest_of(size, [row](int64_t i) { return row[i]; }) == index;
  bool beaten = false;
  for (int64_t i = 0; i < index; ++i) beaten |= !(row[i] < best);
  for (int64_t i = index + 1; i < size; ++i) beaten |= !(row[i] <= best);
  return !beaten;
}

// In how many rows index(row) is the place of the largest number.
template <class Index>
int64_t matches(TensorView values, const Index& index) {
  const int64_t rows = values.shape()[0];
  const int64_t classes = values.shape().back();
  int64_t count = 0;
  if (values.dtype() == DType::float32) {
    const float* row = values.span<float>().data();
    for (int64_t i = 0; i < rows; ++i, row += classes) {
      count += is_largest(row, classes, index(i)) ? 1 : 0;
    }
  } else {
    for (int64_t i = 0; i < rows; ++i) {
      count += largest(values, i * classes, classes) == index(i) ? 1 : 0;
    }
  }
  return count;
}

class AccuracyCounter final : public MetricCounter {
 public:
  void update(const Outcome& outcome) override {
    if (outcome.y_pred.shape().ndim() == 1) return update_equal(outcome);
    if (outcome.y_pred.shape().back() == 1) return update_binary(outcome);
    if (outcome.sample_weight.data() != nullptr) return update_weighted(outcome);
    const Outcome lines = by_lines(outcome);
    matches_ += static_cast<double>(count_matches(lines));
    count_ += static_cast<double>(lines.y_pred.shape()[0]);
  }

  double result() const override {
    if (binary_) return binary_->result();
    return count_ == 0 ? 0 : matches_ / count_;
  }

  void reset() override {
    matches_ = count_ = 0;
    binary_.reset();
  }

  std::optional<std::vector<double>> state() const override {
    if (!binary_) return {{matches_, count_}};
    std::vector<double> numbers = {matches_, count_};
    const auto of_binary = binary_->state();
    numbers.insert(numbers.end(), of_binary->begin(), of_binary->end());
    return numbers;
  }
  void set_state(std::span<const double> state) override {
    const size_t own = std::min<size_t>(state.size(), 2);
    check_counter_state(state.first(own), 2);
    std::unique_ptr<MetricCounter> binary;
    if (state.size() > own) {
      binary = BinaryAccuracy()->counter();
      binary->set_state(state.subspan(own));
    }
    matches_ = state[0];
    count_ = state[1];
    binary_ = std::move(binary);
  }

 private:
  static int64_t count_matches(const Outcome& outcome) {
    const TensorView y_true = outcome.y_true;
    if (y_true.shape().back() > 1) {
      const int64_t classes = outcome.y_pred.shape().back();
      return matches(outcome.y_pred,
                     [&](int64_t row) { return largest(y_true, row * classes, classes); });
    }
    if (y_true.dtype() == DType::uint8) {
      const uint8_t* const labels = y_true.span<uint8_t>().data();
      return matches(outcome.y_pred, [labels](int64_t row) -> int64_t { return labels[row]; });
    }
    return matches(outcome.y_pred,
                   [&](int64_t row) { return static_cast<int64_t>(y_true.at(row)); });
  }

  void update_binary(const Outcome& outcome) {
    if (!binary_) binary_ = BinaryAccuracy()->counter();
    binary_->update(outcome);
  }

  void update_equal(const Outcome& outcome) {
    const OutcomeRows rows(outcome);
    for (int64_t row = 0; row < outcome.y_pred.shape()[0]; ++row) {
      const double weight =
          outcome.sample_weight.data() == nullptr ? 1 : outcome.sample_weight.at(row);
      if (rows.predicted(row, 0) == rows.as_output(rows.target(row, 0))) matches_ += weight;
      count_ += weight;
    }
  }

  void update_weighted(const Outcome& outcome) {
    const OutcomeLines rows(outcome);
    const int64_t each = rows.count() / outcome.y_pred.shape()[0];
    for (int64_t row = 0; row < rows.count(); ++row) {
      const double weight = outcome.sample_weight.at(row / each);
      if (rows.predicted_class(row) == rows.true_class(row)) matches_ += weight;
      count_ += weight;
    }
  }

  double matches_ = 0, count_ = 0;
  std::unique_ptr<MetricCounter> binary_;
};

class AccuracyDescription final : public MetricWith<Accuracy> {
 public:
  using MetricWith::MetricWith;

  void check(const Field& target, const Shape& y_pred) const override {
    if (y_pred.ndim() == 1 && target.stored().ndim() == 0) return;
    if (y_pred.ndim() > 1) {
      if (y_pred.back() == 1) return check_same_shape(name(), target, y_pred);
      if (target.shape == y_pred.without_rows() || are_labels(target, y_pred)) return;
    }
    throw Error(
        {.where = "metric accuracy",
         .expected = "outputs (None, classes) with labels (None,) or one-hot rows",
         .found = "outputs " + y_pred.str() + " with targets " + target.shape.with_rows().str()});
  }

  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<AccuracyCounter>();
  }
};

}  // namespace

Accuracy::Accuracy(MetricOptions options)
    : Metric(std::make_shared<AccuracyDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
