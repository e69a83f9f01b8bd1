#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/metrics/hinge.h"
#include "cornu/metrics/precision_recall.h"
#include "cornu/metrics/probabilistic.h"
#include "cornu/metrics/regression.h"

namespace cornu::inline v0 {
namespace mean_of_loss_test {

using ::testing::HasSubstr;

Tensor floats(Shape shape, const std::vector<float>& values) {
  Tensor x(shape);
  std::ranges::copy(values, x.span<float>().begin());
  return x;
}

double counted(const Metric& metric, const Tensor& y_true, const Field& target,
               const Tensor& y_pred) {
  const auto counter = metric->counter();
  counter->update({y_true, &target, y_pred});
  return counter->result();
}

TEST(MeanOfLoss, HasKerassNames) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"mape", "mean_absolute_percentage_error"},
      {"MAPE", "mean_absolute_percentage_error"},
      {"MeanAbsolutePercentageError", "mean_absolute_percentage_error"},
      {"msle", "mean_squared_logarithmic_error"},
      {"bce", "binary_crossentropy"},
      {"kld", "kl_divergence"},
      {"KLDivergence", "kl_divergence"},
      {"log_cosh_error", "log_cosh_error"},
      {"logcosh", "log_cosh_error"},
      {"CosineSimilarity", "cosine_similarity"},
      {"sparse_categorical_crossentropy", "sparse_categorical_crossentropy"}};
  for (const auto& [given, kind] : names) {
    EXPECT_EQ(Metric(given)->kind(), kind);
    EXPECT_EQ(Metric(given)->name(), given);
  }
  EXPECT_EQ(metrics::LogCoshError()->name(), "logcosh");
  EXPECT_EQ(metrics::KLDivergence()->name(), "kl_divergence");
  EXPECT_EQ(metrics::Hinge({.name = "margin"})->name(), "margin");
  // Those of losses alone.
  for (const char* const other : {"crossentropy", "ce", "huber"}) {
    EXPECT_THAT(error_of([&] { Metric{other}; }), HasSubstr("unknown metric")) << other;
  }
}

TEST(MeanOfLoss, OfACosineIsItsOwnNotTheLosss) {
  const Field two{{2}, {}};
  const Tensor y_true = floats({2, 2}, {1, 0, 3, 4});
  const Tensor y_pred = floats({2, 2}, {2, 0, 4, 3});
  const Metric cosine = "cosine_similarity";
  EXPECT_NEAR(counted(cosine, y_true, two, y_pred), (1 + 24. / 25) / 2, 1e-12);
  EXPECT_TRUE(cosine->higher_is_better());
  EXPECT_FALSE(Metric("mape")->higher_is_better());
  // Nothing counted is 0, not -0.
  EXPECT_FALSE(std::signbit(cosine->counter()->result()));
}

TEST(MeanOfLoss, ReadsTargetsAsTheyAreStored) {
  const Field one_hot{{3}, {.dtype = DType::uint8, .classes = 3}};
  const Tensor y_pred = floats({2, 3}, {0.5F, 0.25F, 0.25F, 0.125F, 0.75F, 0.125F});
  const Tensor labels = Tensor::of<uint8_t>({2}, {0, 2});
  const double expected = (std::log(2) + std::log(8)) / 2;
  EXPECT_NEAR(counted("categorical_crossentropy", labels, one_hot, y_pred), expected, 1e-12);
  const Field label{{}, {.dtype = DType::uint8}};
  EXPECT_NEAR(counted("sparse_categorical_crossentropy", labels, label, y_pred), expected, 1e-6);
  const Field divided{{}, {.dtype = DType::uint8, .divisor = 10}};
  const Tensor tens = Tensor::of<uint8_t>({2}, {5, 20});
  EXPECT_NEAR(counted("mape", tens, divided, floats({2, 1}, {1, 1})), 75, 1e-12);
}

TEST(MeanOfLoss, CountsBatchesOfAnySizeAndWeights) {
  const Field one{{1}, {}};
  const Tensor y_true = floats({6, 1}, {1, 2, 4, 1, 2, 4});
  const Tensor y_pred = floats({6, 1}, {2, 1, 4, 3, 2, 0});  // off by 100, 50, 0, 200, 0, 100 %
  const Tensor weights = floats({6}, {1, 2, 1, 0.5F, 0, 4});
  const auto counter = Metric("mape")->counter();
  for (const auto& [begin, end] : {std::pair<int64_t, int64_t>{0, 2}, {2, 3}, {3, 6}}) {
    counter->update({y_true.view().rows(begin, end), &one, y_pred.view().rows(begin, end),
                     weights.view().rows(begin, end)});
  }
  EXPECT_NEAR(counter->result(), (100 + 2 * 50 + 0.5 * 200 + 4 * 100) / 8.5, 1e-9);
}

TEST(MeanOfLoss, TakesTheValuesThatAPlanHasComputed) {
  const Field one{{1}, {}};
  const Tensor numbers = floats({2, 1}, {1, 1});
  const Tensor values = floats({2}, {3, 5});
  const auto counter = Metric("poisson")->counter();
  counter->update({.y_true = numbers, .target = &one, .y_pred = numbers, .losses = values});
  EXPECT_EQ(counter->result(), 4);
  EXPECT_EQ(Metric("poisson")->loss()->operator->()->name(), "poisson");
  EXPECT_FALSE(Metric("mse")->loss().has_value());
}

TEST(MeanOfLoss, RefusesWhatItsLossRefuses) {
  const Field three{{3}, {}};
  const Field label{{}, {.dtype = DType::uint8}};
  EXPECT_EQ(error_of([&] {
              Metric("mape")->check(three, {kRows, 2});
            }),
            "metric mape: the model's last layer does not fit the targets; expected an output of "
            "shape (None, 3), got (None, 2). Hint: give the last layer as many units as a sample "
            "has targets");
  EXPECT_THAT(error_of([&] {
                Metric("categorical_crossentropy")->check(label, {kRows, 3});
              }),
              HasSubstr("metric categorical_crossentropy: the targets are labels"));
  EXPECT_THAT(error_of([&] {
                metrics::CosineSimilarity({.axis = 1})->check({{2, 3}, {}}, {kRows, 2, 3});
              }),
              HasSubstr("expected the last axis of outputs (None, 2, 3), -1, got axis 1"));
  metrics::CosineSimilarity({.axis = 1})->check(three, {kRows, 3});
  EXPECT_THAT(error_of([] { metrics::BinaryCrossentropy({.label_smoothing = 2}); }),
              HasSubstr("0 <= label_smoothing <= 1"));
  EXPECT_THAT(error_of([&] {
                counted("sparse_categorical_crossentropy", Tensor::of<uint8_t>({1}, {3}), label,
                        floats({1, 3}, {1, 0, 0}));
              }),
              HasSubstr("label out of range"));
}

TEST(Thresholds, OfAListAreOneNumberOrRefused) {
  const Value::List one = {0.25};
  EXPECT_EQ(make_metric("precision", {{"thresholds", one}})->config(),
            Precision({.thresholds = 0.25})->config());
  EXPECT_EQ(error_of([] {
              make_metric("recall", {{"thresholds", Value::List{0.25, 0.5}}});
            }),
            "recall: a metric is one number; expected one threshold, got (0.25, 0.5). Hint: "
            "give a metric for each threshold");
}

}  // namespace mean_of_loss_test
}  // namespace cornu::inline v0
