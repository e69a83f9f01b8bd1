#include "cornu/training/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>

#include "cornu/callbacks/early_stopping.h"
#include "cornu/callbacks/lambda_callback.h"
#include "cornu/core/error_of_test.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace fit_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Dataset line(int64_t size = 8) {
  Tensor x(Shape{size, 1});
  Tensor y(Shape{size, 1});
  for (int64_t i = 0; i < size; ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i);
    y.span<float>()[static_cast<size_t>(i)] = static_cast<float>(3 * i);
  }
  return Dataset(std::move(x), std::move(y));
}

Sequential compiled() {
  Sequential model({Input({1}), Dense({.units = 1})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  return model;
}

/// Stops a fit in one of its hooks, and counts the calls of others.
class StopIn final : public Callback {
 public:
  StopIn(std::string hook, int64_t epoch) : hook_(std::move(hook)), epoch_(epoch) {}
  void on_train_begin() override {
    if (hook_ == "on_train_begin") training().stop();
  }
  void on_epoch_begin(int64_t epoch) override {
    now_ = epoch;
    if (hook_ == "on_epoch_begin" && epoch == epoch_) training().stop();
  }
  void on_train_batch_begin(int64_t step) override {
    if (hook_ == "on_train_batch_begin" && now_ == epoch_ && step == 0) training().stop();
  }
  void on_train_batch_end(int64_t, const Logs&) override { ++steps; }
  void on_test_begin() override { ++validations; }
  void on_epoch_end(EpochRecord&, const History&) override { ++epochs; }
  void on_train_end(const History&) override { ++ends; }
  int64_t steps = 0, validations = 0, epochs = 0, ends = 0;

 private:
  const std::string hook_;
  const int64_t epoch_;
  int64_t now_ = 0;
};

TEST(Fit, AnEpochStoppedBeforeItsFirstStepDoesNotCount) {
  for (const char* hook : {"on_epoch_begin", "on_train_batch_begin"}) {
    const auto stops = std::make_shared<StopIn>(hook, 2);
    const auto best =
        std::make_shared<EarlyStopping>(EarlyStoppingOptions{.monitor = "loss", .patience = 50});
    std::ostringstream progress;
    const History history = compiled().fit(line(), {.batch_size = 4,
                                                    .epochs = 9,
                                                    .callbacks = {best, stops},
                                                    .validation_data = line(),
                                                    .stream = &progress});
    ASSERT_EQ(history.epochs.size(), 2U) << hook;
    EXPECT_EQ(history["loss"].size(), 2U);
    EXPECT_EQ(best->best_epoch(), 1);
    EXPECT_EQ(best->best(), history["loss"][1]);
    EXPECT_EQ(stops->steps, 4);
    EXPECT_EQ(stops->validations, 2);
    EXPECT_EQ(stops->epochs, 2);
    EXPECT_EQ(stops->ends, 1);
    EXPECT_FALSE(history.stopped);
    EXPECT_THAT(progress.str(), Not(HasSubstr("0/8")));
  }
}

TEST(Fit, StoppedBeforeItBeginsItHasNoEpochAndChangesNothing) {
  for (const bool by_callback : {true, false}) {
    Sequential model = compiled();
    const float before = model.weights()[0].second.span<float>()[0];
    const auto stops = std::make_shared<StopIn>(by_callback ? "on_train_begin" : "no hook", 0);
    const StopToken stop;
    if (!by_callback) stop.request_stop();
    const auto best = std::make_shared<EarlyStopping>(EarlyStoppingOptions{.monitor = "loss"});
    const History history =
        model.fit(line(), {.epochs = 3, .verbose = 0, .callbacks = {best, stops}, .stop = stop});
    EXPECT_TRUE(history.epochs.empty());
    EXPECT_EQ(history.stopped, !by_callback);
    EXPECT_EQ(stops->steps, 0);
    EXPECT_EQ(stops->epochs, 0);
    EXPECT_EQ(stops->ends, 1);
    EXPECT_EQ(model.weights()[0].second.span<float>()[0], before);
    EXPECT_EQ(best->best(), std::nullopt);
    EXPECT_THAT(error_of([&] { best->best_epoch(); }), HasSubstr("there is no best epoch"));
  }
}

TEST(Fit, AStopRequestedInABatchHookActsBeforeTheNextStep) {
  const StopToken stop;
  int64_t steps = 0;
  const History history =
      compiled().fit(line(), {.batch_size = 2,
                              .epochs = 3,
                              .verbose = 0,
                              .callbacks = {LambdaCallback(
                                  {.on_train_batch_begin =
                                       [&](int64_t step) {
                                         if (step == 1) stop.request_stop();
                                       },
                                   .on_train_batch_end = [&](int64_t, const Logs&) { ++steps; }})},
                              .stop = stop});
  EXPECT_EQ(steps, 1);
  EXPECT_EQ(history.epochs.size(), 1U);
  EXPECT_TRUE(history.stopped);
}

TEST(Fit, AHistoryWithoutEpochsSaysSo) {
  const History history = compiled().fit(line(), {.epochs = 3, .verbose = 0, .initial_epoch = 3});
  EXPECT_TRUE(history.epochs.empty());
  EXPECT_THAT(history.names(), ElementsAre());
  EXPECT_THAT(error_of([&] { history.last(); }),
              HasSubstr("History: holds no epoch, since the fit ran none"));
  EXPECT_THAT(error_of([&] { history["loss"]; }), HasSubstr("holds no epoch"));
  const History one = compiled().fit(line(), {.verbose = 0});
  EXPECT_THAT(error_of([&] { one["los"]; }), HasSubstr("unknown value \"los\"; expected one of"));
  EXPECT_EQ(&one.last(), &one.epochs[0].logs);
}

TEST(Fit, EachValidationOfAFewStepsUsesTheSameSamples) {
  Sequential model({Input({1}), Dense({.units = 1})});
  model.compile({.optimizer = make_optimizer("sgd", {{"learning_rate", 0.}}), .loss = "mse"});
  const History history = model.fit(line(), {.batch_size = 2,
                                             .epochs = 3,
                                             .verbose = 0,
                                             .validation_data = line(6),
                                             .validation_steps = 2});
  const double first = model.evaluate(line(6), {.batch_size = 2, .steps = 2})["loss"];
  EXPECT_THAT(history["val_loss"], ElementsAre(first, first, first));
}

}  // namespace fit_test
}  // namespace cornu::inline v0
