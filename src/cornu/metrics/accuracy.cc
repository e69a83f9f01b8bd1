#include "cornu/metrics/accuracy.h"

#include "cornu/core/error.h"

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

class Counter final : public MetricCounter {
 public:
  void update(const Outcome& outcome) override {
    const int64_t rows = outcome.y_pred.shape()[0];
    const int64_t classes = outcome.y_pred.shape().back();
    const bool labels = outcome.target->stored().ndim() == 0;
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t expected = labels ? static_cast<int64_t>(outcome.y_true.at(row))
                                      : largest(outcome.y_true, row * classes, classes);
      if (largest(outcome.y_pred, row * classes, classes) == expected) ++matches_;
    }
    count_ += rows;
  }

  double result() const override {
    return count_ == 0 ? 0 : static_cast<double>(matches_) / static_cast<double>(count_);
  }

  void reset() override { matches_ = count_ = 0; }

 private:
  int64_t matches_ = 0, count_ = 0;
};

class Description final : public MetricDescription {
 public:
  std::string_view name() const override { return "accuracy"; }
  std::string_view unit() const override { return "fraction of samples"; }
  bool higher_is_better() const override { return true; }

  void check(const Field& target, const Shape& y_pred) const override {
    const bool labels = target.stored().ndim() == 0;
    if (y_pred.ndim() == 2 && y_pred[1] > 1 && (labels || target.shape == y_pred.without_rows())) {
      return;
    }
    throw Error(
        {.where = "metric accuracy",
         .expected = "outputs (None, classes) with labels (None,) or one-hot rows",
         .found = "outputs " + y_pred.str() + " with targets " + target.shape.with_rows().str()});
  }

  std::unique_ptr<MetricCounter> counter() const override { return std::make_unique<Counter>(); }
};

}  // namespace

Accuracy::Accuracy() : Metric(std::make_shared<Description>()) {}

}  // namespace cornu::inline v0
