#include "cornu/metrics/auc.h"

#include <algorithm>
#include <cmath>

#include "cornu/core/math.h"
#include "cornu/metrics/metric_with.h"
#include "cornu/metrics/truth.h"

namespace cornu::inline v0 {
namespace {

double ratio(double part, double whole) {
  return whole == 0 ? 0 : part / whole;
}

/// Weights of outputs with a positive and with a negative target, by the last threshold below them.
struct Buckets {
  std::vector<double> positive, negative;
};

/// Weights of the outputs above a threshold.
struct Point {
  double true_positives, false_positives;
  double predicted() const { return true_positives + false_positives; }
};

/// The curve of one column, or of all together.
class Curve {
 public:
  explicit Curve(const Buckets& buckets) {
    Point sum{0, 0};
    for (size_t i = buckets.positive.size(); i-- > 0;) {
      sum.true_positives += buckets.positive[i];
      sum.false_positives += buckets.negative[i];
      points_.push_back(sum);
    }
    std::ranges::reverse(points_);
    positive_ = sum.true_positives;
    negative_ = sum.false_positives;
  }

  double interpolated_precision_recall() const {
    double area = 0;
    for (size_t i = 0; i + 1 < points_.size(); ++i) {
      const Point& a = points_[i];
      const Point& b = points_[i + 1];
      const double gained = a.true_positives - b.true_positives;
      const double slope = ratio(gained, std::max(a.predicted() - b.predicted(), 0.0));
      const double intercept = b.true_positives - slope * b.predicted();
      const bool both = a.predicted() > 0 && b.predicted() > 0;
      const double log_ratio = both ? log_of(a.predicted() / b.predicted()) : 0;
      area += ratio(slope * (gained + intercept * log_ratio), positive_);
    }
    return area;
  }

  double area(bool is_roc, const std::string& method) const {
    double area = 0;
    for (size_t i = 0; i + 1 < points_.size(); ++i) {
      const auto [x_a, y_a] = at(i, is_roc);
      const auto [x_b, y_b] = at(i + 1, is_roc);
      const double height = method == "interpolation" ? (y_a + y_b) / 2
                            : method == "minoring"    ? std::min(y_a, y_b)
                                                      : std::max(y_a, y_b);
      area += (x_a - x_b) * height;
    }
    return area;
  }

 private:
  std::pair<double, double> at(size_t i, bool is_roc) const {
    const Point& p = points_[i];
    const double recall = ratio(p.true_positives, positive_);
    if (is_roc) return {ratio(p.false_positives, negative_), recall};
    return {recall, ratio(p.true_positives, p.predicted())};
  }

  std::vector<Point> points_;  ///< by threshold, ascending
  double positive_ = 0, negative_ = 0;
};

class AUCCounter final : public MetricCounter {
 public:
  explicit AUCCounter(AUCOptions options) : options_(std::move(options)) {}

  void update(const Outcome& outcome) override {
    const OutcomeRows rows(outcome);
    make_room(rows.width());
    const bool weighted = outcome.sample_weight.data() != nullptr;
    const double last = static_cast<double>(options_.num_thresholds - 1);
    for (int64_t row = 0; row < outcome.y_pred.shape()[0]; ++row) {
      const double weight = weighted ? outcome.sample_weight.at(row) : 1;
      for (int64_t i = 0; i < rows.width(); ++i) {
        const double output = probability(rows.predicted(row, i));
        // As Keras computes it: the product is a float32, too.
        const double above = std::ceil(rows.as_output(rows.as_output(output) * last)) - 1;
        const auto bucket = static_cast<size_t>(above > 0 ? above : 0);
        Buckets& column = columns_[options_.multi_label ? static_cast<size_t>(i) : 0];
        (rows.target(row, i) != 0 ? column.positive : column.negative)[bucket] += weight;
      }
    }
  }

  double result() const override {
    double sum = 0;
    for (const Buckets& column : columns_) {
      const Curve curve(column);
      const bool is_roc = options_.curve == "ROC";
      sum += !is_roc && options_.summation_method == "interpolation"
                 ? curve.interpolated_precision_recall()
                 : curve.area(is_roc, options_.summation_method);
    }
    return columns_.empty() ? 0 : sum / static_cast<double>(columns_.size());
  }

  void reset() override {
    for (Buckets& column : columns_) {
      std::ranges::fill(column.positive, 0);
      std::ranges::fill(column.negative, 0);
    }
  }
  std::optional<std::vector<double>> state() const override {
    std::vector<double> numbers;
    for (const Buckets& column : columns_) {
      numbers.insert(numbers.end(), column.positive.begin(), column.positive.end());
      numbers.insert(numbers.end(), column.negative.begin(), column.negative.end());
    }
    return numbers;
  }
  void set_state(std::span<const double> state) override {
    const auto thresholds = static_cast<size_t>(options_.num_thresholds);
    const size_t columns = state.size() / (2 * thresholds);
    check_counter_state(state, columns * 2 * thresholds);
    columns_.clear();
    for (; !state.empty(); state = state.subspan(2 * thresholds)) {
      const auto positive = state.first(thresholds);
      const auto negative = state.subspan(thresholds, thresholds);
      columns_.push_back({.positive = {positive.begin(), positive.end()},
                          .negative = {negative.begin(), negative.end()}});
    }
  }

 private:
  // A batch says how many columns there are.
  void make_room(int64_t width) {
    const auto columns = options_.multi_label ? static_cast<size_t>(width) : 1;
    if (columns_.size() == columns) return;
    const auto thresholds = static_cast<size_t>(options_.num_thresholds);
    columns_.resize(columns);
    for (Buckets& column : columns_) {
      column.positive.resize(thresholds);
      column.negative.resize(thresholds);
    }
  }

  // Within [0, 1]; NaN is above no threshold.
  double probability(double output) const {
    if (options_.from_logits) output = 1 / (1 + exp_of(-output));
    return output > 1 ? 1 : output > 0 ? output : 0;
  }

  AUCOptions options_;
  std::vector<Buckets> columns_;
};

class AUCDescription final : public MetricWith<AUC> {
 public:
  explicit AUCDescription(AUCOptions given) : MetricWith(std::move(given)) {
    require_one_of("curve", options.curve, {"ROC", "PR"});
    require_one_of("summation_method", options.summation_method,
                   {"interpolation", "minoring", "majoring"});
    if (options.num_thresholds > 1 && options.num_thresholds <= 1'000'000) return;
    throw Error({.where = "AUC",
                 .field = "num_thresholds",
                 .expected = "num_thresholds from 2 to 1000000",
                 .found = std::to_string(options.num_thresholds)});
  }
  std::string_view unit() const override { return "area from 0 to 1"; }
  TargetDomain domain() const override { return TargetDomain::not_negative; }
  void check(const Field& target, const Shape& y_pred) const override {
    check_same_shape(name(), target, y_pred);
  }
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<AUCCounter>(options);
  }

 private:
  static void require_one_of(const char* what, const std::string& given,
                             const std::vector<std::string>& known) {
    if (std::ranges::find(known, given) == known.end()) {
      throw unknown_name("AUC", what, given, known, what);
    }
  }
};

}  // namespace

AUC::AUC(AUCOptions options) : Metric(std::make_shared<AUCDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
