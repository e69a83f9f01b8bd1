// Metrics that average a loss, in fit and evaluate: the plan computes them beside the losses.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cornu/datasets/dataset.h"
#include "cornu/layers/dense.h"
#include "cornu/metrics/probabilistic.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/sgd.h"

namespace cornu::inline v0 {
namespace counted_losses_test {

constexpr int64_t kSamples = 50;

/// Labels of two classes.
Dataset data() {
  Tensor x(Shape{kSamples, 4});
  Tensor y(Shape{kSamples, 1});
  for (int64_t row = 0; row < kSamples; ++row) {
    y(row, 0) = static_cast<float>(row % 3 == 0);
    for (int64_t i = 0; i < 4; ++i) x(row, i) = static_cast<float>((row * 7 + i * 5) % 11) / 5 - 1;
  }
  return {std::move(x), std::move(y)};
}

Sequential network() {
  return Sequential(
      {Dense({.units = 8, .activation = "relu"}), Dense({.units = 1, .activation = "sigmoid"})},
      {.seed = 3});
}

// Keras 3.15.1 counts 30 here, too, and 16.118 if the metric gets the probability alone.
TEST(CountedLosses, AreComputedFromTheLogitsBehindProbabilities) {
  Sequential model({Dense({.units = 1, .activation = "sigmoid", .use_bias = false})});
  model.build({1});
  model.set_weight("dense/kernel", Tensor::of<float>({1, 1}, std::vector<float>{30}));
  model.compile({.loss = "mse", .metrics = {"bce"}});
  const Tensor x = Tensor::of<float>({1, 1}, std::vector<float>{1});
  const Tensor y = Tensor::of<float>({1, 1}, std::vector<float>{0});
  EXPECT_FLOAT_EQ(static_cast<float>(model.evaluate(x, y)["bce"]), 30);
  const Tensor y_pred = model.predict(x);
  const Field target{{1}, {}};
  const auto alone = Metric("bce")->counter();
  alone->update({y, &target, y_pred});
  EXPECT_NEAR(alone->result(), 16.118, 1e-3);
}

TEST(CountedLosses, AreTheLossOfTheirName) {
  for (const int threads : {1, 2}) {
    Sequential model = network();
    model.compile({.optimizer = "adam",
                   .loss = "binary_crossentropy",
                   .metrics = {"binary_crossentropy", "mape", "hinge"},
                   .execution = {.team = std::make_shared<Team>(threads), .minimum_work = 0}});
    const History history =
        model.fit(data(), {.batch_size = 8, .epochs = 3, .verbose = 0, .validation_split = 0.2});
    EXPECT_EQ(history["binary_crossentropy"], history["loss"]);
    EXPECT_EQ(history["val_binary_crossentropy"], history["val_loss"]);
    EXPECT_GT(history["mape"][0], 0);
  }
}

TEST(CountedLosses, ChangeNoBitOfWhatIsTrained) {
  const auto trained = [](std::vector<Metric> metrics) {
    Sequential model = network();
    model.compile({.loss = "mse", .metrics = std::move(metrics)});
    model.fit(data(), {.batch_size = 8, .epochs = 2, .verbose = 0});
    return model;
  };
  const Sequential with = trained({"bce", "poisson", "kld", "squared_hinge", "logcosh"});
  const Sequential without = trained({});
  for (size_t i = 0; i < with.weights().size(); ++i) {
    const TensorView a = with.weights()[i].second, b = without.weights()[i].second;
    EXPECT_EQ(std::memcmp(a.data(), b.data(), a.nbytes()), 0) << with.weights()[i].first;
  }
}

TEST(CountedLosses, CountByWeightsOnlyIfAsked) {
  Tensor weights(Shape{kSamples});
  for (int64_t i = 0; i < kSamples; ++i) weights.span<float>()[static_cast<size_t>(i)] = i % 2 * 2;
  Sequential model = network();
  model.build({4});
  model.compile({.loss = "bce", .metrics = {"bce"}, .weighted_metrics = {"bce"}});
  const Logs plain = model.evaluate(data());
  const Logs weighted = model.evaluate(data().weighted(std::move(weights)), {.batch_size = 7});
  EXPECT_NEAR(weighted["bce"], plain["bce"], 1e-12);
  EXPECT_NEAR(weighted["bce_1"], weighted["loss"], 1e-9);
  EXPECT_GT(std::abs(weighted["bce_1"] - plain["bce"]), 1e-4);
}

}  // namespace counted_losses_test
}  // namespace cornu::inline v0
