#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/core/error_of_test.h"
#include "cornu/metrics/auc.h"
#include "cornu/metrics/binary_accuracy.h"
#include "cornu/metrics/precision_recall.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace log_names_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Dataset sixteen(size_t targets = 1) {
  Tensor x(Shape{16, 1});
  Tensor y(Shape{16, 1});
  for (size_t i = 0; i < 16; ++i) {
    x.span<float>()[i] = static_cast<float>(i % 5);
    y.span<float>()[i] = i % 3 == 0 ? 1 : 0;
  }
  if (targets == 1) return Dataset(std::move(x), std::move(y));
  Tensor same = y;
  return Dataset(std::vector{std::move(x)}, std::vector{std::move(y), std::move(same)});
}

Sequential one_output(CompileOptions options) {
  Sequential model({Input({1}), Dense({.units = 1, .activation = "sigmoid"})});
  options.loss = "binary_crossentropy";
  model.compile(std::move(options));
  return model;
}

std::vector<std::string> names(const Logs& logs) {
  std::vector<std::string> all;
  for (const auto& [name, value] : logs) all.push_back(name);
  return all;
}

TEST(LogNames, TheSecondMetricOfANameIsCounted) {
  const std::vector<Metric> metrics = {AUC(), AUC({.curve = "PR"}), Precision(),
                                       Precision({.thresholds = 0.1})};
  const Logs logs = one_output({.metrics = metrics}).evaluate(sixteen());
  EXPECT_THAT(names(logs), ElementsAre("loss", "auc", "auc_1", "precision", "precision_1"));
  // Each has the value that it has alone.
  const char* counted[] = {"auc", "auc_1", "precision", "precision_1"};
  for (size_t i = 0; i < metrics.size(); ++i) {
    const Logs alone = one_output({.metrics = {metrics[i]}}).evaluate(sixteen());
    EXPECT_EQ(logs[counted[i]], alone[metrics[i]->name()]) << counted[i];
  }
  EXPECT_NE(logs["auc"], logs["auc_1"]);
  EXPECT_NE(logs["precision"], logs["precision_1"]);
}

TEST(LogNames, HoldInHistoriesAndForValidationAndWeightedMetrics) {
  Sequential model = one_output(
      {.metrics = {"acc", "acc", BinaryAccuracy({.name = "acc_1"})}, .weighted_metrics = {"acc"}});
  const History history = model.fit(sixteen(), {.verbose = 0, .validation_data = sixteen()});
  EXPECT_THAT(history.names(), ElementsAre("loss", "acc", "acc_1", "acc_1_1", "acc_2", "val_loss",
                                           "val_acc", "val_acc_1", "val_acc_1_1", "val_acc_2"));
}

TEST(LogNames, AreCountedForEachOutput) {
  const auto x = Input({1});
  const auto a = Dense({.units = 1, .activation = "sigmoid", .name = "a"})(x);
  const auto b = Dense({.units = 1, .activation = "sigmoid", .name = "b"})(x);
  Model model({x}, {a, b});
  model.compile({.loss = "binary_crossentropy",
                 .metrics = {AUC(), AUC({.curve = "PR"})},
                 .output_metrics = {{"b", {AUC()}}}});
  EXPECT_THAT(
      names(model.evaluate(sixteen(2))),
      ElementsAre("loss", "a_loss", "b_loss", "a_auc", "a_auc_1", "b_auc", "b_auc_1", "b_auc_2"));
  EXPECT_THAT(error_of([&] {
                model.compile({.loss = "binary_crossentropy", .metrics = {AUC({.name = "loss"})}});
              }),
              HasSubstr("metric \"a_loss\" cannot be logged by that name"));
}

TEST(LogNames, AreKnownOnceTheModelIsCompiled) {
  Sequential model({Dense({.units = 1, .activation = "sigmoid"})});
  EXPECT_THAT(model.log_names(), IsEmpty());
  model.compile({.loss = "mse", .metrics = {AUC(), AUC()}, .weighted_metrics = {"mae"}});
  EXPECT_THAT(model.log_names(), ElementsAre("loss", "auc", "auc_1", "mae"));
  const Logs logs = model.fit(sixteen(), {.verbose = 0}).last();
  EXPECT_EQ(model.log_names(), names(logs));
  model.compile({.loss = "mse", .output_metrics = {{"dense", {"mae"}}}});
  EXPECT_THAT(model.log_names(), ElementsAre("loss", "mae"));
}

TEST(LogNames, OfOutputsAreKnownOnceTheModelIsCompiled) {
  const auto x = Input({1});
  const auto a = Dense({.units = 1, .name = "a"})(x);
  const auto b = Dense({.units = 1, .name = "b"})(x);
  Model model({x}, {a, b});
  model.compile({.losses = {{"b", "mse"}}, .output_metrics = {{"a", {"mae"}}}});
  EXPECT_THAT(model.log_names(), ElementsAre("loss", "b_loss", "a_mae"));
  EXPECT_EQ(model.log_names(), names(model.evaluate(sixteen(2))));
}

TEST(LogNames, OutputsOfOneLayerAreCounted) {
  const auto x = Input({1});
  const Layer head = Dense({.units = 1, .activation = "sigmoid", .name = "head"});
  const auto other = Dense({.units = 1, .activation = "sigmoid", .name = "head_1"});
  const auto wide = [&](const char* name) { return Dense({.units = 2, .name = name})(x); };
  const SymbolicTensor second = other(x);
  Model model({x}, {head(wide("a")), second, head(wide("b")), head(wide("c"))});
  model.compile({.loss = "binary_crossentropy"});
  Tensor y(Shape{4, 1});
  const Dataset data({Tensor(Shape{4, 1})}, {y, y, y, y});
  EXPECT_THAT(names(model.evaluate(data)),
              ElementsAre("loss", "head_loss", "head_1_loss", "head_2_loss", "head_3_loss"));
}

/// A user-defined metric that counts batches.
class Batches final : public MetricDescription {
 public:
  std::string_view name() const override { return "seen"; }
  std::string_view unit() const override { return "batches"; }
  bool higher_is_better() const override { return true; }
  void check(const Field&, const Shape&) const override {}
  std::unique_ptr<MetricCounter> counter() const override {
    class Counter final : public MetricCounter {
     public:
      void update(const Outcome&) override { ++count_; }
      double result() const override { return count_; }
      void reset() override { count_ = 0; }

     private:
      double count_ = 0;
    };
    return std::make_unique<Counter>();
  }
};

TEST(LogNames, UserDefinedMetricsAreCountedToo) {
  const Metric seen(std::make_shared<Batches>());
  const Logs logs = one_output({.metrics = {seen, seen}}).evaluate(sixteen());
  EXPECT_THAT(names(logs), ElementsAre("loss", "seen", "seen_1"));
  EXPECT_EQ(logs["seen_1"], 1);
}

TEST(LogNames, ThoseOfOtherNumbersAreRefused) {
  for (const char* name : {"loss", "epoch", "seconds", "learning_rate", "val_auc"}) {
    EXPECT_THAT(error_of([&] { one_output({.metrics = {AUC({.name = name})}}); }),
                HasSubstr("metric \"" + std::string(name) + "\" cannot be logged by that name"));
  }
}

}  // namespace log_names_test
}  // namespace cornu::inline v0
