#include "cornu/core/stop.h"

#include <gtest/gtest.h>

#include <memory>

#include "cornu/callbacks/lambda_callback.h"
#include "cornu/initializers/constant.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace stop_test {

Sequential doubling() {
  Sequential model({Input({1}), Dense({.units = 1, .kernel_initializer = Constant(2)})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  return model;
}

// 0, 1, 2, … and targets twice as large.
Dataset numbers(int64_t size) {
  Tensor x(Shape{size, 1}), y(Shape{size, 1});
  for (int64_t i = 0; i < size; ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i);
    y.span<float>()[static_cast<size_t>(i)] = static_cast<float>(2 * i + 1);
  }
  return Dataset(std::move(x), std::move(y));
}

/// Requests a stop after a step, and counts the hooks at the end of a run.
class StopAfterStep final : public Callback {
 public:
  StopAfterStep(StopToken stop, int64_t step) : stop_(std::move(stop)), step_(step) {}
  void on_test_batch_end(int64_t step, const Logs&) override { at(step); }
  void on_predict_batch_end(int64_t step) override { at(step); }
  void on_test_end(const Logs&) override { ++ends; }
  void on_predict_end() override { ++ends; }
  int64_t ends = 0;

 private:
  void at(int64_t step) const {
    if (step == step_) stop_.request_stop();
  }
  const StopToken stop_;
  const int64_t step_;
};

TEST(Stop, PredictionsAreThoseOfTheSamplesBefore) {
  const StopToken stop;
  const auto stops = std::make_shared<StopAfterStep>(stop, 1);
  const Tensor y =
      doubling().predict(numbers(20), {.batch_size = 4, .callbacks = {stops}, .stop = stop});
  ASSERT_EQ(y.shape(), Shape({8, 1}));
  for (int64_t i = 0; i < 8; ++i) EXPECT_EQ(y.at(i), 2.0 * static_cast<double>(i));
  EXPECT_EQ(stops->ends, 0);
}

TEST(Stop, AnEvaluationCountsTheSamplesBefore) {
  const Sequential model = doubling();
  const StopToken stop;
  const auto stops = std::make_shared<StopAfterStep>(stop, 0);
  const Logs logs =
      model.evaluate(numbers(20), {.batch_size = 4, .callbacks = {stops}, .stop = stop});
  EXPECT_EQ(logs["loss"], 1.0);  // each target is 1 above the output
  EXPECT_EQ(stops->ends, 0);
}

TEST(Stop, RequestedBeforeARunItReadsNothing) {
  const Sequential model = doubling();
  const StopToken stop;
  stop.request_stop();
  EXPECT_EQ(model.predict(numbers(20), {.batch_size = 4, .stop = stop}).shape(), Shape({0, 1}));
  EXPECT_TRUE(model.evaluate(numbers(20), {.stop = stop}).empty());
}

TEST(Stop, WithinAValidationLeavesNoLogsOfIt) {
  Sequential model = doubling();
  const StopToken stop;
  const auto stops = std::make_shared<StopAfterStep>(stop, 0);
  const History history = model.fit(numbers(8), {.batch_size = 4,
                                                 .epochs = 3,
                                                 .verbose = 0,
                                                 .callbacks = {stops},
                                                 .validation_data = numbers(20),
                                                 .stop = stop});
  EXPECT_TRUE(history.stopped);
  ASSERT_EQ(history.epochs.size(), 1U);
  EXPECT_EQ(history.epochs[0].logs.find("val_loss"), nullptr);
}

}  // namespace stop_test
}  // namespace cornu::inline v0
