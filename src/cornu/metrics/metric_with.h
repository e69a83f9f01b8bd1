#pragma once

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

/// Implements name(), kind() and config() for a metric of class M, with defaults for a fraction.
template <class M>
class MetricWith : public MetricDescription {
 public:
  using Options = typename M::Options;
  explicit MetricWith(Options given) : options(std::move(given)) {}
  std::string_view name() const override {
    return options.name.empty() ? kind() : std::string_view(options.name);
  }
  std::string_view kind() const override { return M::kName; }
  Value::Map config() const override { return fields_to_map(options); }
  std::string_view unit() const override { return "fraction of samples"; }
  bool higher_is_better() const override { return true; }

 protected:
  Options options;
};

/// The options of a metric that has only a name.
struct MetricOptions {
  std::string name = {};  ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) { v("name", self.name); }
};

/// A mean of values over rows, each by its sample's weight.
class WeightedMean {
 public:
  void add(double value, double weight) {
    sum_ += weight * value;
    weight_ += weight;
  }
  double result() const { return weight_ == 0 ? 0 : sum_ / weight_; }
  void reset() { sum_ = weight_ = 0; }
  std::vector<double> state() const { return {sum_, weight_}; }
  void set_state(std::span<const double> state) {
    check_counter_state(state, 2);
    sum_ = state[0];
    weight_ = state[1];
  }

 private:
  double sum_ = 0, weight_ = 0;
};

/// Counts such a mean; `RowValue` gives the value of each row, of which a sample may have several.
template <class RowValue>
class MeanCounter final : public MetricCounter {
 public:
  explicit MeanCounter(RowValue row_value) : row_value_(std::move(row_value)) {}
  void update(const Outcome& outcome) override {
    const typename RowValue::Rows rows(outcome);
    const int64_t each = rows.count() / outcome.y_pred.shape()[0];
    const auto weights = outcome.sample_weight.data() == nullptr
                             ? std::span<const float>()
                             : outcome.sample_weight.span<float>();
    for (int64_t row = 0; row < rows.count(); ++row) {
      const double weight =
          weights.empty() ? 1 : static_cast<double>(weights[static_cast<size_t>(row / each)]);
      mean_.add(row_value_(rows, row), weight);
    }
  }
  double result() const override { return mean_.result(); }
  void reset() override { mean_.reset(); }
  std::optional<std::vector<double>> state() const override { return mean_.state(); }
  void set_state(std::span<const double> state) override { mean_.set_state(state); }

 private:
  RowValue row_value_;
  WeightedMean mean_;
};

}  // namespace cornu::inline v0
