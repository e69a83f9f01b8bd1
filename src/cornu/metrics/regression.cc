#include "cornu/metrics/regression.h"

#include <cmath>
#include <memory>
#include <utility>

#include "cornu/losses/cosine_similarity.h"
#include "cornu/losses/log_cosh.h"
#include "cornu/losses/mean_absolute_percentage_error.h"
#include "cornu/losses/mean_squared_logarithmic_error.h"
#include "cornu/metrics/mean_of_loss.h"
#include "cornu/metrics/truth.h"

namespace cornu::inline v0::metrics {
namespace {

/// The mean of a row's squared, or absolute, errors.
template <bool kSquared>
struct Errors {
  using Rows = OutcomeRows;
  double operator()(const Rows& rows, int64_t row) const {
    double sum = 0;
    for (int64_t i = 0; i < rows.width(); ++i) {
      const double error = rows.predicted(row, i) - rows.target(row, i);
      sum += kSquared ? error * error : std::abs(error);
    }
    return sum / static_cast<double>(rows.width());
  }
};

/// The square root of another counter's result.
class RootCounter final : public MetricCounter {
 public:
  void update(const Outcome& outcome) override { mean_.update(outcome); }
  double result() const override { return std::sqrt(mean_.result()); }
  void reset() override { mean_.reset(); }
  std::optional<std::vector<double>> state() const override { return mean_.state(); }
  void set_state(std::span<const double> state) override { mean_.set_state(state); }

 private:
  MeanCounter<Errors<true>> mean_ = MeanCounter<Errors<true>>({});
};

template <class M>
class RegressionMetricDescription final : public MetricWith<M> {
 public:
  using MetricWith<M>::MetricWith;
  std::string_view unit() const override {
    return std::is_same_v<M, MeanSquaredError> ? "the targets' unit, squared" : "the targets' unit";
  }
  bool higher_is_better() const override { return false; }
  void check(const Field& target, const Shape& y_pred) const override {
    check_same_shape(this->name(), target, y_pred);
  }
  std::unique_ptr<MetricCounter> counter() const override {
    if constexpr (std::is_same_v<M, RootMeanSquaredError>) return std::make_unique<RootCounter>();
    using Row = Errors<std::is_same_v<M, MeanSquaredError>>;
    return std::make_unique<MeanCounter<Row>>(Row{});
  }
};

}  // namespace

MeanSquaredError::MeanSquaredError(MetricOptions options)
    : Metric(std::make_shared<RegressionMetricDescription<MeanSquaredError>>(std::move(options))) {}

RootMeanSquaredError::RootMeanSquaredError(MetricOptions options)
    : Metric(
          std::make_shared<RegressionMetricDescription<RootMeanSquaredError>>(std::move(options))) {
}

MeanAbsoluteError::MeanAbsoluteError(MetricOptions options)
    : Metric(std::make_shared<RegressionMetricDescription<MeanAbsoluteError>>(std::move(options))) {
}

MeanAbsolutePercentageError::MeanAbsolutePercentageError(MetricOptions options)
    : Metric(std::make_shared<MeanOfLossDescription<MeanAbsolutePercentageError>>(
          std::move(options), MeanOfLoss{v0::MeanAbsolutePercentageError(), "percent"})) {}

MeanSquaredLogarithmicError::MeanSquaredLogarithmicError(MetricOptions options)
    : Metric(std::make_shared<MeanOfLossDescription<MeanSquaredLogarithmicError>>(
          std::move(options),
          MeanOfLoss{v0::MeanSquaredLogarithmicError(), "difference of logarithms, squared"})) {}

LogCoshError::LogCoshError(LogCoshErrorOptions options)
    : Metric(std::make_shared<MeanOfLossDescription<LogCoshError>>(
          std::move(options), MeanOfLoss{v0::LogCosh(), "the targets' unit"})) {}

CosineSimilarity::CosineSimilarity(CosineSimilarityOptions options)
    : Metric(std::make_shared<MeanOfLossDescription<CosineSimilarity>>(
          options, MeanOfLoss{.loss = v0::CosineSimilarity(),
                              .unit = "cosine",
                              .negated = true,
                              .axis = options.axis})) {}

}  // namespace cornu::inline v0::metrics
