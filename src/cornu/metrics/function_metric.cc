#include <optional>
#include <utility>

#include "cornu/metrics/metric.h"
#include "cornu/metrics/metric_with.h"

namespace cornu::inline v0 {

std::optional<Tensor> decoded_targets(const Outcome& outcome) {
  const InputEncoding& encoding = outcome.target->encoding;
  const int64_t rows = outcome.y_true.shape()[0];
  if (encoding.classes > 0) {
    Tensor one_hot(Shape{rows, encoding.classes});
    for (int64_t i = 0; i < rows; ++i) {
      one_hot(i, static_cast<int64_t>(outcome.y_true.at(i))) = 1;
    }
    return one_hot;
  }
  if (encoding.is_identity()) return std::nullopt;
  Tensor numbers(outcome.y_true.shape());
  const auto out = numbers.span<float>();
  for (size_t i = 0; i < out.size(); ++i) {
    const double stored = outcome.y_true.at(static_cast<int64_t>(i));
    out[i] = (static_cast<float>(stored) - static_cast<float>(encoding.offset)) /
             static_cast<float>(encoding.divisor);
  }
  return numbers;
}

namespace {

class FunctionCounter final : public MetricCounter {
 public:
  FunctionCounter(std::string name, MetricFunction function)
      : name_(std::move(name)), function_(std::move(function)) {}

  void update(const Outcome& outcome) override {
    const std::optional<Tensor> numbers = decoded_targets(outcome);
    const MetricValues values =
        function_(numbers ? numbers->view() : outcome.y_true, outcome.y_pred);
    const auto rows = static_cast<size_t>(outcome.y_pred.shape()[0]);
    if (!values.one_for_all() && values.list().size() != rows) {
      throw Error({.where = "metric " + name_,
                   .expected = "a number for the batch, or one for each of its " +
                               std::to_string(rows) + " samples",
                   .found = std::to_string(values.list().size()) + " numbers"});
    }
    for (size_t row = 0; row < rows; ++row) {
      const double weight = outcome.sample_weight.data() == nullptr
                                ? 1
                                : outcome.sample_weight.at(static_cast<int64_t>(row));
      mean_.add(values.list()[values.one_for_all() ? 0 : row], weight);
    }
  }
  double result() const override { return mean_.result(); }
  void reset() override { mean_.reset(); }
  std::optional<std::vector<double>> state() const override { return mean_.state(); }
  void set_state(std::span<const double> state) override { mean_.set_state(state); }

 private:
  std::string name_;
  MetricFunction function_;
  WeightedMean mean_;
};

class FunctionMetricDescription final : public MetricDescription {
 public:
  FunctionMetricDescription(std::string name, MetricFunction function, bool higher_is_better)
      : name_(std::move(name)),
        function_(std::move(function)),
        higher_is_better_(higher_is_better) {
    if (!function_) {
      throw Error({.where = "metric " + name_, .expected = "a function", .found = "an empty one"});
    }
  }
  std::string_view name() const override { return name_; }
  std::string_view unit() const override { return "as its function gives it"; }
  bool higher_is_better() const override { return higher_is_better_; }
  void check(const Field&, const Shape&) const override {}
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<FunctionCounter>(name_, function_);
  }

 private:
  std::string name_;
  MetricFunction function_;
  bool higher_is_better_;
};

}  // namespace

Metric::Metric(std::string name, MetricFunction function, bool higher_is_better)
    : description_(std::make_shared<FunctionMetricDescription>(std::move(name), std::move(function),
                                                               higher_is_better)) {}

}  // namespace cornu::inline v0
