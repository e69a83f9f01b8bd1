#include "cornu/callbacks/monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>

#include "cornu/callbacks/early_stopping.h"
#include "cornu/callbacks/lambda_callback.h"
#include "cornu/callbacks/learning_rate_scheduler.h"
#include "cornu/callbacks/reduce_lr_on_plateau.h"
#include "cornu/core/error.h"
#include "cornu/core/error_of_test.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/sgd.h"
#include "cornu/schedules/exponential_decay.h"

namespace cornu::inline v0 {
namespace monitor_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Dataset line() {
  Tensor x(Shape{8, 1});
  Tensor y(Shape{8, 1});
  for (size_t i = 0; i < 8; ++i) {
    x.span<float>()[i] = static_cast<float>(i) / 8;
    y.span<float>()[i] = static_cast<float>(i) / 4;
  }
  return Dataset(std::move(x), std::move(y));
}

Sequential compiled(LearningRate rate = 0.01) {
  Sequential model({Input({1}), Dense({.units = 1})});
  model.compile(
      {.optimizer = SGD({.learning_rate = std::move(rate)}), .loss = "mse", .metrics = {"mae"}});
  return model;
}

/// Logs one of `values` as "mine" in each epoch.
LambdaCallback logs(std::vector<double> values) {
  return LambdaCallback({.on_epoch_end = [values](EpochRecord& record, const History&) {
    record.logs.set("mine", values.at(static_cast<size_t>(record.epoch)));
  }});
}

// The error of a fit with this callback, none of whose steps may have run.
std::string refusal(const SharedCallback& callback, FitOptions options = {},
                    LearningRate rate = 0.01) {
  Sequential model = compiled(std::move(rate));
  int64_t epochs = 0;
  options.verbose = 0;
  options.callbacks.push_back(callback);
  options.callbacks.push_back(LambdaCallback({.on_epoch_begin = [&](int64_t) { ++epochs; }}));
  std::string error = error_of([&] { model.fit(line(), options); });
  EXPECT_EQ(epochs, 0) << error;
  return error;
}

TEST(Monitor, ALogThatNoEpochCanHaveIsRefusedBeforeTheFirstStep) {
  EXPECT_EQ(refusal(EarlyStopping()),
            "EarlyStopping: unknown monitored value \"val_loss\"; expected one of loss, mae. Hint: "
            "it takes validation_data or a validation_split");
  EXPECT_EQ(refusal(EarlyStopping({.monitor = "val_mea"}), {.validation_data = line()}),
            "EarlyStopping: unknown monitored value \"val_mea\"; expected one of val_mae, mae, "
            "val_loss, loss.");
  EXPECT_THAT(
      refusal(ReduceLROnPlateau({.monitor = "los"})),
      HasSubstr("ReduceLROnPlateau: unknown monitored value \"los\"; expected one of loss"));
  // The logs that callbacks of the library add are known.
  EXPECT_THAT(refusal(EarlyStopping({.monitor = "val_loss"}),
                      {.callbacks = {ReduceLROnPlateau({.monitor = "loss"})}}),
              HasSubstr("unknown monitored value"));
}

TEST(Monitor, ALogThatACallbackMayAddIsAccepted) {
  Sequential model = compiled();
  const auto stopping = std::make_shared<EarlyStopping>(EarlyStoppingOptions{.monitor = "mine"});
  model.fit(line(), {.epochs = 3, .verbose = 0, .callbacks = {logs({3, 2, 1}), stopping}});
  EXPECT_EQ(stopping->best_epoch(), 2);
  const auto rate =
      std::make_shared<EarlyStopping>(EarlyStoppingOptions{.monitor = "learning_rate"});
  const auto steady = [](int64_t, double now) { return now; };
  model.fit(line(), {.verbose = 0, .callbacks = {LearningRateScheduler(steady), rate}});
  EXPECT_EQ(rate->best(), 0.01);
  // Error if the callback does not add it after all.
  EXPECT_THAT(error_of([&] {
                model.fit(line(), {.verbose = 0,
                                   .callbacks = {logs({1}), EarlyStopping({.monitor = "yours"})}});
              }),
              HasSubstr("unknown monitored value \"yours\""));
}

TEST(Monitor, AnyNumberIsBetterThanNaN) {
  for (const double first : {kNaN, kInfinity}) {
    Sequential model = compiled();
    std::vector<float> kernels;
    const auto stopping = std::make_shared<EarlyStopping>(
        EarlyStoppingOptions{.monitor = "mine", .patience = 2, .restore_best_weights = true});
    const History history = model.fit(
        line(),
        {.epochs = 9,
         .verbose = 0,
         .callbacks = {logs({first, 5, 6, kNaN, 1}),
                       LambdaCallback({.on_epoch_end =
                                           [&](EpochRecord&, const History&) {
                                             kernels.push_back(
                                                 model.weights()[0].second.span<float>()[0]);
                                           }}),
                       stopping}});
    EXPECT_EQ(history.epochs.size(), 4U);
    EXPECT_EQ(stopping->best(), 5);
    EXPECT_EQ(stopping->best_epoch(), 1);
    EXPECT_EQ(model.weights()[0].second.span<float>()[0], kernels[1]);
  }
  // Only NaN: there is no best epoch, and the fit ends after `patience` epochs.
  Sequential model = compiled();
  const auto none = std::make_shared<EarlyStopping>(
      EarlyStoppingOptions{.monitor = "mine", .patience = 2, .restore_best_weights = true});
  const History history = model.fit(
      line(), {.epochs = 9, .verbose = 0, .callbacks = {logs({kNaN, kNaN, kNaN, kNaN}), none}});
  EXPECT_EQ(history.epochs.size(), 2U);
  EXPECT_EQ(none->best(), std::nullopt);
  EXPECT_THAT(error_of([&] { none->best_epoch(); }), HasSubstr("there is no best epoch"));
}

TEST(Monitor, APlateauIsCountedFromTheFirstNumber) {
  const History history = compiled(0.5).fit(
      line(),
      {.epochs = 5,
       .verbose = 0,
       .callbacks = {logs({kNaN, 3, 2, 1, 1}),
                     ReduceLROnPlateau({.monitor = "mine", .factor = 0.5, .patience = 2})}});
  EXPECT_THAT(history["learning_rate"], ElementsAre(0.5, 0.5, 0.5, 0.5, 0.5));
}

TEST(LearningRates, AreSetByAScheduleOrByACallback) {
  const LearningRate schedule =
      ExponentialDecay({.initial_learning_rate = 0.5, .decay_steps = 2, .decay_rate = 0.5});
  EXPECT_EQ(refusal(ReduceLROnPlateau({.monitor = "loss"}), {}, schedule),
            "ReduceLROnPlateau: it sets the learning rate, which the optimizer's schedule sets at "
            "each step; expected an optimizer whose learning_rate is a number, got one with a "
            "schedule. Hint: keep the schedule or the callback, not both");
  EXPECT_THAT(
      refusal(LearningRateScheduler([](int64_t, double rate) { return rate; }), {}, schedule),
      HasSubstr("LearningRateScheduler: it sets the learning rate"));
}

}  // namespace monitor_test
}  // namespace cornu::inline v0
