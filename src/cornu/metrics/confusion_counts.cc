#include "cornu/metrics/confusion_counts.h"

#include <memory>
#include <utility>

#include "cornu/metrics/metric_with.h"
#include "cornu/metrics/truth.h"

namespace cornu::inline v0 {
namespace {

/// Counts outputs on one side of the threshold, with targets on one side.
class ConfusionCounter final : public MetricCounter {
 public:
  ConfusionCounter(double threshold, bool predicted, bool positive)
      : threshold_(threshold), predicted_(predicted), positive_(positive) {}

  void update(const Outcome& outcome) override {
    const OutcomeRows rows(outcome);
    const bool weighted = outcome.sample_weight.data() != nullptr;
    const double threshold = rows.as_output(threshold_);
    for (int64_t row = 0; row < rows.count(); ++row) {
      const double weight = weighted ? outcome.sample_weight.at(row) : 1;
      for (int64_t i = 0; i < rows.width(); ++i) {
        const bool predicted = rows.predicted(row, i) > threshold;
        const bool positive = rows.target(row, i) != 0;
        if (predicted == predicted_ && positive == positive_) sum_ += weight;
      }
    }
  }
  double result() const override { return sum_; }
  void reset() override { sum_ = 0; }
  std::optional<std::vector<double>> state() const override { return {{sum_}}; }
  void set_state(std::span<const double> state) override {
    check_counter_state(state, 1);
    sum_ = state[0];
  }

 private:
  double threshold_;
  bool predicted_, positive_;
  double sum_ = 0;
};

template <class M, bool kPredicted, bool kPositive>
class ConfusionCountDescription final : public MetricWith<M> {
 public:
  explicit ConfusionCountDescription(ConfusionCountOptions given)
      : MetricWith<M>(std::move(given)) {
    check_threshold(M::kName, "thresholds", this->options.thresholds.value_or(0.5));
  }
  std::string_view unit() const override { return "outputs"; }
  bool higher_is_better() const override { return kPredicted == kPositive; }
  TargetDomain domain() const override { return TargetDomain::not_negative; }
  void check(const Field& target, const Shape& y_pred) const override {
    check_same_shape(this->name(), target, y_pred);
  }
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<ConfusionCounter>(this->options.thresholds.value_or(0.5), kPredicted,
                                              kPositive);
  }
};

template <class M, bool kPredicted, bool kPositive>
std::shared_ptr<const MetricDescription> confusion_count(ConfusionCountOptions options) {
  return std::make_shared<ConfusionCountDescription<M, kPredicted, kPositive>>(std::move(options));
}

}  // namespace

TruePositives::TruePositives(ConfusionCountOptions options)
    : Metric(confusion_count<TruePositives, true, true>(std::move(options))) {}

TrueNegatives::TrueNegatives(ConfusionCountOptions options)
    : Metric(confusion_count<TrueNegatives, false, false>(std::move(options))) {}

FalsePositives::FalsePositives(ConfusionCountOptions options)
    : Metric(confusion_count<FalsePositives, true, false>(std::move(options))) {}

FalseNegatives::FalseNegatives(ConfusionCountOptions options)
    : Metric(confusion_count<FalseNegatives, false, true>(std::move(options))) {}

}  // namespace cornu::inline v0
