// Every metric with its options compared with Keras, over two batches, with and without weights.

#include <gmock/gmock.h>

#include "cornu/formats/json.h"
#include "lowered.h"

namespace cornu::inline v0 {
namespace metrics_test {

const std::vector<std::string> kNames = {
    "accuracy",
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
    "top_k_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "precision",
    "recall",
    "true_positives",
    "true_negatives",
    "false_positives",
    "false_negatives",
    "f1_score",
    "auc",
    "mean_squared_error",
    "root_mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "log_cosh_error",
    "cosine_similarity",
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "kl_divergence",
    "poisson",
    "hinge",
    "squared_hinge",
    "categorical_hinge",
};

constexpr int64_t kSplit = 5, kRowsOfAll = 7;

double counted(const Metric& metric, const Tensor& y_true, const Tensor& y_pred,
               const Tensor* weights) {
  const Field target{y_true.shape().without_rows(), {}};
  metric->check(target, y_pred.shape().without_rows().with_rows());
  const auto counter = metric->counter();
  for (int pass = 0; pass < 2; ++pass) {
    counter->reset();  // removes the first pass
    for (const auto& [begin, end] :
         {std::pair<int64_t, int64_t>{0, kSplit}, {kSplit, kRowsOfAll}}) {
      counter->update({y_true.view().rows(begin, end), &target, y_pred.view().rows(begin, end),
                       weights == nullptr ? TensorView() : weights->view().rows(begin, end)});
    }
  }
  return counter->result();
}

TEST(Metrics, AreKerasOnAwkwardInputs) {
  const formats::Safetensors keras = golden("metrics");
  std::vector<std::string> names;
  for (const MetricEntry& entry : metric_table()) names.emplace_back(entry.name);
  EXPECT_THAT(names, ::testing::ElementsAreArray(kNames));
  const Tensor weights = as_float(golden_tensor(keras, "sample_weight"));
  std::map<std::string, int> cases;
  for (const auto& [path, expected] : keras.tensors) {
    const bool weighted = path.ends_with("/weighted");
    if (!weighted && !path.ends_with("/plain")) continue;
    // name/case/kind/data/plain
    const std::string name = path.substr(0, path.find('/'));
    const std::string place = path.substr(0, path.find('/', name.size() + 1));
    const std::string data = path.substr(place.size() + 1, path.rfind('/') - place.size() - 1);
    const TensorView text = golden_tensor(keras, place + "/options");
    const std::string json(reinterpret_cast<const char*>(text.data()), text.nbytes());
    const Metric metric = make_metric(name, formats::read_json(json, place).as_map());
    const double found = counted(
        metric, as_float(golden_tensor(keras, "input/" + data + "/y_true")),
        as_float(golden_tensor(keras, "input/" + data + "/y_pred")), weighted ? &weights : nullptr);
    EXPECT_NEAR(found, expected.view().at(0), 2e-6 * (1 + std::abs(expected.view().at(0)))) << path;
    ++cases[name];
  }
  int all = 0;
  for (const std::string& name : kNames) {
    EXPECT_GE(cases[name], 4) << name << " has no golden";
    all += cases[name];
  }
  EXPECT_EQ(all, 668);
  std::printf("%d cases of %zu metrics\n", all, kNames.size());
}

}  // namespace metrics_test
}  // namespace cornu::inline v0
