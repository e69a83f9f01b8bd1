#include "cornu/metrics/f1_score.h"

#include <algorithm>
#include <cmath>

#include "cornu/metrics/metric_with.h"
#include "cornu/metrics/truth.h"

namespace cornu::inline v0 {
namespace {

struct Counts {
  double hits = 0, predicted = 0, positive = 0;

  double score() const {
    constexpr double kEpsilon = 1e-7;
    const double precision = hits / (predicted + kEpsilon);
    const double recall = hits / (positive + kEpsilon);
    return 2 * precision * recall / (precision + recall + kEpsilon);
  }
};

class F1ScoreCounter final : public MetricCounter {
 public:
  explicit F1ScoreCounter(F1ScoreOptions options) : options_(std::move(options)) {}

  void update(const Outcome& outcome) override {
    const OutcomeRows rows(outcome);
    classes_.resize(static_cast<size_t>(rows.width()));  // the first time
    const bool weighted = outcome.sample_weight.data() != nullptr;
    const double threshold = rows.as_output(options_.threshold.value_or(0));
    const double nothing = rows.as_output(1e-9);
    for (int64_t row = 0; row < outcome.y_pred.shape()[0]; ++row) {
      const double weight = weighted ? outcome.sample_weight.at(row) : 1;
      const double most = rows.predicted(row, rows.predicted_class(row));
      for (int64_t i = 0; i < rows.width(); ++i) {
        const double output = rows.predicted(row, i);
        const bool predicted =
            options_.threshold ? output > threshold : output >= most && std::abs(output) > nothing;
        const double target = weight * rows.target(row, i);
        Counts& counts = classes_[static_cast<size_t>(i)];
        counts.positive += target;
        if (!predicted) continue;
        counts.hits += target;
        counts.predicted += weight;
      }
    }
  }

  double result() const override {
    Counts all;
    double sum = 0;
    double weighted = 0;
    for (const Counts& each : classes_) {
      all.hits += each.hits;
      all.predicted += each.predicted;
      all.positive += each.positive;
      sum += each.score();
      weighted += each.score() * each.positive;
    }
    if (options_.average == "micro") return all.score();
    if (options_.average == "weighted") return weighted / (all.positive + 1e-7);
    return classes_.empty() ? 0 : sum / static_cast<double>(classes_.size());
  }
  void reset() override { std::ranges::fill(classes_, Counts()); }
  std::optional<std::vector<double>> state() const override {
    std::vector<double> numbers;
    for (const Counts& each : classes_) {
      numbers.insert(numbers.end(), {each.hits, each.predicted, each.positive});
    }
    return numbers;
  }
  void set_state(std::span<const double> state) override {
    check_counter_state(state, state.size() / 3 * 3);
    classes_.clear();
    for (size_t i = 0; i < state.size(); i += 3) {
      classes_.push_back({.hits = state[i], .predicted = state[i + 1], .positive = state[i + 2]});
    }
  }

 private:
  F1ScoreOptions options_;
  std::vector<Counts> classes_;
};

class F1ScoreDescription final : public MetricWith<F1Score> {
 public:
  explicit F1ScoreDescription(F1ScoreOptions given) : MetricWith(std::move(given)) {
    const std::vector<std::string> averages = {"macro", "micro", "weighted"};
    if (std::ranges::find(averages, options.average) == averages.end()) {
      throw unknown_name("F1Score", "average", options.average, averages, "average");
    }
    if (options.threshold && !(*options.threshold > 0 && *options.threshold <= 1)) {
      throw Error({.where = "F1Score",
                   .field = "threshold",
                   .expected = "0 < threshold <= 1",
                   .found = shortest(*options.threshold)});
    }
  }
  std::string_view unit() const override { return "score from 0 to 1"; }
  TargetDomain domain() const override { return TargetDomain::unit; }
  void check(const Field& target, const Shape& y_pred) const override {
    if (y_pred.ndim() > 2) {
      throw Error({.where = "metric " + std::string(name()),
                   .expected = "outputs (None, classes)",
                   .found = y_pred.str()});
    }
    check_one_hot(name(), target, y_pred);
    if (!options.threshold) {
      check_columns(name(), y_pred, "for a single output, use F1Score({.threshold = 0.5})");
    }
  }
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<F1ScoreCounter>(options);
  }
};

}  // namespace

F1Score::F1Score(F1ScoreOptions options)
    : Metric(std::make_shared<F1ScoreDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
