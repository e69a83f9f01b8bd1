#include "cornu/metrics/categorical_accuracy.h"

#include "cornu/metrics/truth.h"

namespace cornu::inline v0 {
namespace {

struct CategoricalAccuracyHits {
  using Rows = OutcomeLines;
  double operator()(const Rows& rows, int64_t row) const {
    return rows.predicted_class(row) == rows.true_class(row) ? 1 : 0;
  }
};

template <class M, auto kCheck>
class CategoricalAccuracyDescription final : public MetricWith<M> {
 public:
  using MetricWith<M>::MetricWith;
  void check(const Field& target, const Shape& y_pred) const override {
    kCheck(this->name(), target, y_pred);
    check_columns(this->name(), y_pred, "for a single output, use binary_accuracy");
  }
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<MeanCounter<CategoricalAccuracyHits>>(CategoricalAccuracyHits{});
  }
};

}  // namespace

CategoricalAccuracy::CategoricalAccuracy(MetricOptions options)
    : Metric(std::make_shared<CategoricalAccuracyDescription<CategoricalAccuracy, check_one_hot>>(
          std::move(options))) {}

SparseCategoricalAccuracy::SparseCategoricalAccuracy(MetricOptions options)
    : Metric(
          std::make_shared<CategoricalAccuracyDescription<SparseCategoricalAccuracy, check_labels>>(
              std::move(options))) {}

}  // namespace cornu::inline v0
