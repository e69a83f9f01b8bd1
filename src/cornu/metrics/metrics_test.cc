#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "cornu/core/error_of_test.h"
#include "cornu/metrics/accuracy.h"
#include "cornu/metrics/auc.h"
#include "cornu/metrics/binary_accuracy.h"
#include "cornu/metrics/confusion_matrix.h"
#include "cornu/metrics/f1_score.h"
#include "cornu/metrics/precision_recall.h"
#include "cornu/metrics/regression.h"
#include "cornu/metrics/top_k_accuracy.h"

namespace cornu::inline v0 {
namespace metrics_test {

using ::testing::HasSubstr;

Tensor floats(Shape shape, const std::vector<float>& values) {
  Tensor x(shape);
  std::ranges::copy(values, x.span<float>().begin());
  return x;
}

Tensor bytes(const std::vector<uint8_t>& values) {
  Tensor x(Shape{static_cast<int64_t>(values.size())}, DType::uint8);
  std::ranges::copy(values, x.span<uint8_t>().begin());
  return x;
}

double counted(const Metric& metric, const Tensor& y_true, const Field& target,
               const Tensor& y_pred) {
  const auto counter = metric->counter();
  counter->update({y_true, &target, y_pred});
  return counter->result();
}

TEST(Metrics, TiesInTopKGoToTheLowerIndex) {
  const Tensor y_pred = floats({3, 4}, {1, 2, 2, 2, 0, 0, 0, 0, 3, 3, 1, 3});
  const Tensor labels = bytes({2, 1, 3});
  const Field target{{}, {.dtype = DType::uint8}};
  // The largest two are columns 1 and 2 in the first row, 0 and 1 in the last.
  EXPECT_DOUBLE_EQ(counted(SparseTopKCategoricalAccuracy({.k = 2}), labels, target, y_pred),
                   2. / 3);
  EXPECT_DOUBLE_EQ(counted(SparseTopKCategoricalAccuracy({.k = 1}), labels, target, y_pred), 0);
  EXPECT_DOUBLE_EQ(counted(SparseTopKCategoricalAccuracy({.k = 4}), labels, target, y_pred), 1);
}

TEST(Metrics, ReadTargetsAsTheyAreStored) {
  // Labels that become one-hot rows, and bytes that are divided.
  const Field one_hot{{3}, {.dtype = DType::uint8, .classes = 3}};
  const Tensor y_pred = floats({2, 3}, {0.9F, 0.05F, 0.05F, 0.2F, 0.5F, 0.3F});
  EXPECT_DOUBLE_EQ(counted("categorical_accuracy", bytes({0, 2}), one_hot, y_pred), 0.5);
  EXPECT_DOUBLE_EQ(counted(Precision({.thresholds = 0.4}), bytes({0, 2}), one_hot, y_pred), 0.5);
  const Field divided{{}, {.dtype = DType::uint8, .divisor = 10}};
  const Tensor numbers = floats({2, 1}, {0.5F, 1});
  EXPECT_NEAR(counted("mae", bytes({5, 20}), divided, numbers), 0.5, 1e-7);
}

TEST(Metrics, AccuracyOfOutputsThatAreLabels) {
  const Field label{{}, {.dtype = DType::uint8}};
  EXPECT_DOUBLE_EQ(counted("accuracy", bytes({1, 2, 3, 4}), label, floats({4}, {1, 2, 4, 4})),
                   0.75);
}

TEST(Metrics, HaveTheNamesThatTheUserGave) {
  EXPECT_EQ(Metric("mse")->name(), "mse");
  EXPECT_EQ(Metric("mse")->kind(), "mean_squared_error");
  EXPECT_EQ(Metric("accuracy")->name(), "accuracy");
  EXPECT_EQ(Metric("acc")->name(), "acc");
  EXPECT_EQ(Precision({.name = "p"})->name(), "p");
  EXPECT_EQ(AUC()->name(), "auc");
  EXPECT_TRUE(AUC()->higher_is_better());
  EXPECT_FALSE(Metric("rmse")->higher_is_better());
}

TEST(Metrics, RefuseWrongNamesOptionsAndShapes) {
  EXPECT_EQ(error_of([] { Metric("accuracyy"); }).substr(0, 70),
            "metric: unknown metric \"accuracyy\"; expected one of accuracy, auc, bin");
  EXPECT_EQ(
      error_of([] { Metric("mean_iou"); }),
      "metric: Keras has \"mean_iou\", Cornu has not. Hint: the nearest is confusion_matrix(), "
      "which it is made of");
  EXPECT_THAT(error_of([] { AUC({.curve = "ROK"}); }), HasSubstr("unknown curve \"ROK\""));
  EXPECT_THAT(error_of([] { AUC({.num_thresholds = 1}); }), HasSubstr("num_thresholds from 2"));
  EXPECT_THAT(error_of([] { F1Score({.average = "none"}); }), HasSubstr("macro, micro, weighted"));
  EXPECT_THAT(error_of([] { BinaryAccuracy({.threshold = 2}); }), HasSubstr("0 <= threshold <= 1"));
  EXPECT_THAT(error_of([] { Recall({.thresholds = -1}); }), HasSubstr("0 <= thresholds <= 1"));
  EXPECT_THAT(error_of([] { TopKCategoricalAccuracy({.k = 0}); }), HasSubstr("k > 0"));
  const Field three{{3}, {}};
  EXPECT_THAT(
      error_of([&] {
        F1Score()->check(three, {kRows, 4});
      }),
      HasSubstr("expected outputs (None, classes) with one-hot rows, got outputs (None, 4)"));
  EXPECT_THAT(error_of([&] {
                Precision({.class_id = 3})->check(three, {kRows, 3});
              }),
              HasSubstr("class_id below 3, got 3"));
}

// Keras 3.15.1 does not count 0.3F, which is 0.300000012, as above a threshold of 0.3.
TEST(Metrics, AnOutputThatEqualsTheThresholdIsNotAboveIt) {
  const Field numbers{{1}, {}};
  const Tensor y_true = floats({3, 1}, {1, 1, 0});
  const Tensor y_pred = floats({3, 1}, {0.3F, 0.7F, 0.1F});
  EXPECT_DOUBLE_EQ(counted(BinaryAccuracy({.threshold = 0.3}), y_true, numbers, y_pred), 2. / 3);
  EXPECT_DOUBLE_EQ(counted(Recall({.thresholds = 0.3}), y_true, numbers, y_pred), 0.5);
  EXPECT_NEAR(counted(F1Score({.threshold = 0.3}), y_true, numbers, y_pred), 2. / 3, 1e-6);
  const Tensor y_false = floats({3, 1}, {0, 1, 0});
  EXPECT_DOUBLE_EQ(counted(Precision({.thresholds = 0.3}), y_false, numbers, y_pred), 1);
  // And one bit above is above.
  const Tensor above = floats({3, 1}, {std::nextafter(0.3F, 1.0F), 0.7F, 0.1F});
  EXPECT_DOUBLE_EQ(counted(Recall({.thresholds = 0.3}), y_true, numbers, above), 1);
  EXPECT_DOUBLE_EQ(counted(BinaryAccuracy({.threshold = 0.3}), y_true, numbers, above), 1);
}

// A positive at the threshold k/199, negatives half a bucket below and above it.
TEST(Metrics, AUCFindsBucketsInFloat32) {
  // Where k/199 times 199 is more than k in float32, the positive is in the next bucket in Keras.
  const std::set<int> next_bucket = {31, 53, 62, 103, 106, 111, 119, 124};
  const Field numbers{{1}, {}};
  const Tensor y_true = floats({3, 1}, {1, 0, 0});
  for (int k = 1; k < 199; ++k) {
    const auto at = [](double bucket) { return static_cast<float>(bucket / 199); };
    const Tensor y_pred = floats({3, 1}, {at(k), at(k - 0.5), at(k + 0.5)});
    EXPECT_DOUBLE_EQ(counted(AUC(), y_true, numbers, y_pred), next_bucket.contains(k) ? 0.75 : 0.25)
        << k;
  }
}

TEST(Metrics, TheLargestOfOneOutputIsRefused) {
  const Field one{{1}, {}};
  const Field label{{}, {.dtype = DType::uint8}};
  const auto refusal = [](const Metric& metric, const Field& target) {
    return error_of([&] { metric->check(target, {kRows, 1}); });
  };
  for (const Metric& metric :
       {Metric("categorical_accuracy"), Metric(TopKCategoricalAccuracy()), Metric(F1Score())}) {
    EXPECT_THAT(refusal(metric, one), HasSubstr("outputs (None, classes) of 2 classes or more"))
        << metric->name();
  }
  for (const Metric& metric :
       {Metric("sparse_categorical_accuracy"), Metric(SparseTopKCategoricalAccuracy())}) {
    EXPECT_THAT(refusal(metric, label), HasSubstr("of 2 classes or more")) << metric->name();
  }
  EXPECT_EQ(refusal(F1Score({.threshold = 0.5}), one), "no error");
  EXPECT_EQ(refusal("accuracy", one), "no error");
}

TEST(Metrics, ASampleMayHaveSeveralLabels) {
  // Two samples of three lines; the largest outputs are those of 0 1 2 and 2 2 0.
  const Tensor y_pred = floats({2, 3, 3}, {3, 1, 2, 0, 4, 1, 1, 2, 3, 0, 1, 2, 1, 0, 2, 5, 4, 3});
  const Tensor labels = bytes({0, 1, 1, 2, 0, 1}).reshape({2, 3});
  const Tensor one_hot = floats({2, 3, 3}, {1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0});
  const Field of_labels{{3}, {.dtype = DType::uint8}};
  const Field of_one_hot{{3, 3}, {}};
  const Tensor weights = floats({2}, {1, 3});
  for (const char* name : {"accuracy", "sparse_categorical_accuracy"}) {
    const Metric metric(name);
    metric->check(of_labels, {kRows, 3, 3});
    EXPECT_DOUBLE_EQ(counted(metric, labels, of_labels, y_pred), 0.5) << name;
    const auto counter = metric->counter();
    counter->update({labels, &of_labels, y_pred, weights});
    EXPECT_DOUBLE_EQ(counter->result(), (2.0 + 3.0) / 12) << name;
  }
  for (const char* name : {"accuracy", "categorical_accuracy"}) {
    const Metric metric(name);
    metric->check(of_one_hot, {kRows, 3, 3});
    EXPECT_DOUBLE_EQ(counted(metric, one_hot, of_one_hot, y_pred), 0.5) << name;
  }
  EXPECT_DOUBLE_EQ(counted(SparseTopKCategoricalAccuracy({.k = 1}), labels, of_labels, y_pred),
                   0.5);
  for (const Metric& metric : {Metric("accuracy"), Metric("sparse_categorical_accuracy")}) {
    EXPECT_THAT(error_of([&] {
                  metric->check({{2}, {.dtype = DType::uint8}}, {kRows, 3, 3});
                }),
                HasSubstr("(None, 2)"));
  }
  EXPECT_THAT(error_of([&] {
                F1Score()->check(of_one_hot, {kRows, 3, 3});
              }),
              HasSubstr("(None, 3, 3)"));
}

TEST(Metrics, ALabelOfNoClassIsNotTheLargest) {
  const Field label{{}, {.dtype = DType::int32}};
  const Tensor y_pred = floats({2, 2}, {0, 1, 1, 0});
  const Tensor y_true = Tensor::of<int32_t>({2}, {1000000000, -1});
  EXPECT_EQ(counted("accuracy", y_true, label, y_pred), 0);
}

TEST(Metrics, ALabelOutOfRangeIsNotAmongTheLargest) {
  const Field label{{}, {.dtype = DType::uint8}};
  const Tensor y_pred = floats({1, 2}, {0, 1});
  EXPECT_EQ(counted(SparseTopKCategoricalAccuracy({.k = 2}), bytes({7}), label, y_pred), 0);
}

TEST(ConfusionMatrix, CountsRowsByTruthAndColumnsByPrediction) {
  const Tensor counts = confusion_matrix(bytes({0, 0, 1, 2, 2}), bytes({0, 1, 1, 0, 2}));
  const std::vector<double> expected = {1, 1, 0, 0, 1, 0, 1, 0, 1};
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(counts.span<double>()[i], expected[i]);
  const Tensor weights = floats({5}, {1, 2, 4, 8, 16});
  const Tensor weighted =
      confusion_matrix(bytes({0, 0, 1, 2, 2}), bytes({0, 1, 1, 0, 2}), 4, weights);
  EXPECT_EQ(weighted.shape(), (Shape{4, 4}));
  EXPECT_EQ(weighted.span<double>()[1], 2);
  EXPECT_EQ(weighted.span<double>()[8], 8);
  EXPECT_THAT(error_of([] {
                confusion_matrix(bytes({0, 5}), bytes({0, 0}), 3);
              }),
              HasSubstr("classes 0 … 2, got 5"));
  EXPECT_THAT(error_of([] { confusion_matrix(bytes({0, 5}), bytes({0})); }), HasSubstr("as many"));

  ConfusionMatrix matrix(3);
  const Field labels{{}, {.dtype = DType::uint8}};
  const Tensor y_true = bytes({2, 0});
  const Tensor y_pred = floats({2, 3}, {0, 1, 0, 1, 0, 0});
  matrix.update({y_true, &labels, y_pred});
  matrix.update({y_true, &labels, y_pred});
  EXPECT_EQ(matrix(2, 1), 2);
  EXPECT_EQ(matrix(0, 0), 2);
  matrix.reset();
  EXPECT_EQ(matrix(2, 1), 0);
}

}  // namespace metrics_test
}  // namespace cornu::inline v0
