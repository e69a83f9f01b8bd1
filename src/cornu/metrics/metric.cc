#include "cornu/metrics/metric.h"

#include <algorithm>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/metrics/accuracy.h"
#include "cornu/metrics/auc.h"
#include "cornu/metrics/binary_accuracy.h"
#include "cornu/metrics/categorical_accuracy.h"
#include "cornu/metrics/confusion_counts.h"
#include "cornu/metrics/f1_score.h"
#include "cornu/metrics/hinge.h"
#include "cornu/metrics/precision_recall.h"
#include "cornu/metrics/probabilistic.h"
#include "cornu/metrics/regression.h"
#include "cornu/metrics/top_k_accuracy.h"

namespace cornu::inline v0 {
namespace {

// Keras takes a list of thresholds, too. One of them is a number like any other.
Value::Map with_one_threshold(Value::Map config, std::string_view metric) {
  for (auto& [option, value] : config) {
    if (option != "thresholds" || !value.is_list()) continue;
    const Value::List list = value.as_list();
    if (list.size() != 1) {
      throw Error({.where = std::string(metric),
                   .field = "thresholds",
                   .what = "a metric is one number",
                   .expected = "one threshold",
                   .found = value.str(),
                   .hint = "give a metric for each threshold"});
    }
    value = list[0];
  }
  return config;
}

template <class M>
constexpr MetricEntry metric_entry_of() {
  return {M::kName, field_names<typename M::Options>, [](const Value::Map& config) -> Metric {
            typename M::Options options;
            fields_from_map(with_one_threshold(config, M::kName), options, std::string(M::kName));
            return M(std::move(options));
          }};
}

constexpr MetricEntry kMetrics[] = {
    metric_entry_of<Accuracy>(),
    metric_entry_of<BinaryAccuracy>(),
    metric_entry_of<CategoricalAccuracy>(),
    metric_entry_of<SparseCategoricalAccuracy>(),
    metric_entry_of<TopKCategoricalAccuracy>(),
    metric_entry_of<SparseTopKCategoricalAccuracy>(),
    metric_entry_of<Precision>(),
    metric_entry_of<Recall>(),
    metric_entry_of<TruePositives>(),
    metric_entry_of<TrueNegatives>(),
    metric_entry_of<FalsePositives>(),
    metric_entry_of<FalseNegatives>(),
    metric_entry_of<F1Score>(),
    metric_entry_of<AUC>(),
    metric_entry_of<metrics::MeanSquaredError>(),
    metric_entry_of<metrics::RootMeanSquaredError>(),
    metric_entry_of<metrics::MeanAbsoluteError>(),
    metric_entry_of<metrics::MeanAbsolutePercentageError>(),
    metric_entry_of<metrics::MeanSquaredLogarithmicError>(),
    metric_entry_of<metrics::LogCoshError>(),
    metric_entry_of<metrics::CosineSimilarity>(),
    metric_entry_of<metrics::BinaryCrossentropy>(),
    metric_entry_of<metrics::CategoricalCrossentropy>(),
    metric_entry_of<metrics::SparseCategoricalCrossentropy>(),
    metric_entry_of<metrics::KLDivergence>(),
    metric_entry_of<metrics::Poisson>(),
    metric_entry_of<metrics::Hinge>(),
    metric_entry_of<metrics::SquaredHinge>(),
    metric_entry_of<metrics::CategoricalHinge>(),
};

// Other names that Keras, or tf.keras, has for them.
constexpr OtherName kOtherNamesOfMetrics[] = {
    {"acc", "accuracy"},
    {"mse", "mean_squared_error"},
    {"rmse", "root_mean_squared_error"},
    {"mae", "mean_absolute_error"},
    {"mape", "mean_absolute_percentage_error"},
    {"msle", "mean_squared_logarithmic_error"},
    {"bce", "binary_crossentropy"},
    {"kld", "kl_divergence"},
    {"log_cosh", "log_cosh_error"},
};

constexpr AbsentName kAbsentMetrics[] = {
    {"r2_score", "mean_squared_error"},
    {"pearson_correlation", "mean_squared_error"},
    {"concordance_correlation", "mean_squared_error"},
    {"fbeta_score", "f1_score"},
    {"mean_iou", "confusion_matrix(), which it is made of"},
    {"iou", "confusion_matrix(), which it is made of"},
    {"binary_iou", "confusion_matrix(), which it is made of"},
    {"one_hot_iou", "confusion_matrix(), which it is made of"},
    {"one_hot_mean_iou", "confusion_matrix(), which it is made of"},
    {"precision_at_recall", "precision with thresholds"},
    {"recall_at_precision", "recall with thresholds"},
    {"sensitivity_at_specificity", "recall with thresholds"},
    {"specificity_at_sensitivity", "recall with thresholds"},
};

}  // namespace

void MetricCounter::set_state(std::span<const double> state) {
  check_counter_state(state, 0);
}

void check_counter_state(std::span<const double> state, size_t size) {
  if (state.size() == size) return;
  throw Error({.kind = ErrorKind::corrupt,
               .where = "the state of a metric",
               .expected = std::to_string(size) + " numbers",
               .found = std::to_string(state.size())});
}

std::span<const MetricEntry> metric_table() {
  return kMetrics;
}

template <>
const PartTable<Metric>& part_table<Metric>() {
  static constexpr PartTable<Metric> table({.kind = "metric",
                                            .where = "metric",
                                            .others = kOtherNamesOfMetrics,
                                            .absent = kAbsentMetrics},
                                           kMetrics);
  return table;
}

const MetricEntry& metric_entry(std::string_view name) {
  return part_table<Metric>().entry(name);
}

Metric make_metric(std::string_view name, const Value::Map& config) {
  return metric_entry(name).make(config);
}

namespace {

// As in Keras, logs call it by the name that the user gave.
Metric by_name(std::string_view name) {
  const MetricEntry& entry = metric_entry(name);
  Metric metric = entry.make({});
  return name == metric->name() ? metric : entry.make({{"name", std::string(name)}});
}

}  // namespace

Metric::Metric(std::string_view name) : Metric(by_name(name)) {}

}  // namespace cornu::inline v0
