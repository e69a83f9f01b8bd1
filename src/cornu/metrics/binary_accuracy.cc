#include "cornu/metrics/binary_accuracy.h"

#include "cornu/metrics/metric_with.h"
#include "cornu/metrics/truth.h"

namespace cornu::inline v0 {
namespace {

struct BinaryAccuracyHits {
  using Rows = OutcomeRows;
  double threshold;

  double operator()(const Rows& rows, int64_t row) const {
    const double limit = rows.as_output(threshold);
    int64_t hits = 0;
    for (int64_t i = 0; i < rows.width(); ++i) {
      const double predicted = rows.predicted(row, i) > limit ? 1 : 0;
      hits += predicted == rows.target(row, i) ? 1 : 0;
    }
    return static_cast<double>(hits) / static_cast<double>(rows.width());
  }
};

class BinaryAccuracyDescription final : public MetricWith<BinaryAccuracy> {
 public:
  explicit BinaryAccuracyDescription(BinaryAccuracyOptions given) : MetricWith(std::move(given)) {
    check_threshold("BinaryAccuracy", "threshold", options.threshold);
  }
  TargetDomain domain() const override { return TargetDomain::unit; }
  void check(const Field& target, const Shape& y_pred) const override {
    check_same_shape(name(), target, y_pred);
  }
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<MeanCounter<BinaryAccuracyHits>>(BinaryAccuracyHits{options.threshold});
  }
};

}  // namespace

BinaryAccuracy::BinaryAccuracy(BinaryAccuracyOptions options)
    : Metric(std::make_shared<BinaryAccuracyDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
