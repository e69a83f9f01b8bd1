#include "cornu/metrics/precision_recall.h"

#include <limits>

#include "cornu/metrics/metric_with.h"
#include "cornu/metrics/truth.h"

namespace cornu::inline v0 {
namespace {

/// The part of the positive outputs (or of the positive targets) that are true positives.
class PrecisionRecallCounter final : public MetricCounter {
 public:
  PrecisionRecallCounter(const PrecisionRecallOptions& options, bool of_targets)
      : threshold_(options.thresholds  ? *options.thresholds
                   : options.top_k > 0 ? -std::numeric_limits<double>::infinity()
                                       : 0.5),
        top_k_(options.top_k),
        class_id_(options.class_id),
        of_targets_(of_targets) {}

  void update(const Outcome& outcome) override {
    const OutcomeRows rows(outcome);
    const bool weighted = outcome.sample_weight.data() != nullptr;
    const double threshold = rows.as_output(threshold_);
    const int64_t begin = class_id_ < 0 ? 0 : class_id_;
    const int64_t end = class_id_ < 0 ? rows.width() : class_id_ + 1;
    for (int64_t row = 0; row < outcome.y_pred.shape()[0]; ++row) {
      const double weight = weighted ? outcome.sample_weight.at(row) : 1;
      for (int64_t i = begin; i < end; ++i) {
        const bool among = top_k_ == 0 || rows.is_among_largest(row, i, top_k_);
        const bool predicted = among && rows.predicted(row, i) > threshold;
        const bool positive = rows.target(row, i) != 0;
        if (predicted && positive) hits_ += weight;
        if (of_targets_ ? positive : predicted) all_ += weight;
      }
    }
  }
  double result() const override { return all_ == 0 ? 0 : hits_ / all_; }
  void reset() override { hits_ = all_ = 0; }
  std::optional<std::vector<double>> state() const override { return {{hits_, all_}}; }
  void set_state(std::span<const double> state) override {
    check_counter_state(state, 2);
    hits_ = state[0];
    all_ = state[1];
  }

 private:
  double threshold_;
  int64_t top_k_, class_id_;
  bool of_targets_;
  double hits_ = 0, all_ = 0;
};

template <class M, bool kOfTargets>
class PrecisionRecallDescription final : public MetricWith<M> {
 public:
  explicit PrecisionRecallDescription(PrecisionRecallOptions given)
      : MetricWith<M>(std::move(given)) {
    const PrecisionRecallOptions& o = this->options;
    check_threshold(M::kName, "thresholds", o.thresholds.value_or(0.5));
    if (o.top_k < 0 || o.class_id < -1) {
      throw Error({.where = std::string(M::kName),
                   .field = o.top_k < 0 ? "top_k" : "class_id",
                   .expected = "top_k of 0 or more and class_id of -1 or more",
                   .found = std::to_string(o.top_k) + " and " + std::to_string(o.class_id)});
    }
  }
  std::string_view unit() const override {
    return kOfTargets ? "fraction of positive targets" : "fraction of positive outputs";
  }
  TargetDomain domain() const override { return TargetDomain::not_negative; }
  void check(const Field& target, const Shape& y_pred) const override {
    check_same_shape(this->name(), target, y_pred);
    const int64_t columns = y_pred.without_rows().size();
    if (this->options.class_id < columns) return;
    throw Error({.where = "metric " + std::string(this->name()),
                 .expected = "class_id below " + std::to_string(columns),
                 .found = std::to_string(this->options.class_id)});
  }
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<PrecisionRecallCounter>(this->options, kOfTargets);
  }
};

}  // namespace

Precision::Precision(PrecisionRecallOptions options)
    : Metric(std::make_shared<PrecisionRecallDescription<Precision, false>>(std::move(options))) {}

Recall::Recall(PrecisionRecallOptions options)
    : Metric(std::make_shared<PrecisionRecallDescription<Recall, true>>(std::move(options))) {}

}  // namespace cornu::inline v0
