#include "cornu/metrics/top_k_accuracy.h"

#include "cornu/metrics/metric_with.h"
#include "cornu/metrics/truth.h"

namespace cornu::inline v0 {
namespace {

struct TopKAccuracyHits {
  using Rows = OutcomeLines;
  int64_t k;
  double operator()(const Rows& rows, int64_t row) const {
    return rows.is_among_largest(row, rows.true_class(row), k) ? 1 : 0;
  }
};

template <class M, auto kCheck>
class TopKAccuracyDescription final : public MetricWith<M> {
 public:
  explicit TopKAccuracyDescription(TopKOptions given) : MetricWith<M>(std::move(given)) {
    if (this->options.k >= 1) return;
    throw Error({.where = std::string(M::kName),
                 .field = "k",
                 .expected = "k > 0",
                 .found = std::to_string(this->options.k)});
  }
  void check(const Field& target, const Shape& y_pred) const override {
    kCheck(this->name(), target, y_pred);
    check_columns(this->name(), y_pred, "for a single output, use binary_accuracy");
  }
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<MeanCounter<TopKAccuracyHits>>(TopKAccuracyHits{this->options.k});
  }
};

}  // namespace

TopKCategoricalAccuracy::TopKCategoricalAccuracy(TopKOptions options)
    : Metric(std::make_shared<TopKAccuracyDescription<TopKCategoricalAccuracy, check_one_hot>>(
          std::move(options))) {}

SparseTopKCategoricalAccuracy::SparseTopKCategoricalAccuracy(TopKOptions options)
    : Metric(std::make_shared<TopKAccuracyDescription<SparseTopKCategoricalAccuracy, check_labels>>(
          std::move(options))) {}

}  // namespace cornu::inline v0
