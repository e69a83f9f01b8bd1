// predict() shows how far it is, as fit() does.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace prediction_bar_test {

constexpr LiveBar kAtEachStep = {.interval = std::chrono::milliseconds(0)};

// What a prediction of 25 samples in steps of 10 prints.
std::string printed(int64_t verbose, std::optional<LiveBar> bar,
                    ProgressStyle style = ProgressStyle::tutorial, Callbacks callbacks = {}) {
  const Sequential model({Input({3}), Dense(1)});
  const Tensor x(Shape{25, 3});
  std::ostringstream out;
  model.predict_all({x}, {.batch_size = 10,
                          .verbose = verbose,
                          .callbacks = std::move(callbacks),
                          .stop = {},
                          .stream = &out,
                          .progress_style = style,
                          .live_bar = bar});
  return out.str();
}

TEST(PredictionBar, RunsWhereItIsLive) {
  const std::string text = printed(1, kAtEachStep);
  EXPECT_TRUE(text.starts_with("\r10/25 [===========>..................] - ETA: 0s")) << text;
  EXPECT_NE(text.find("\r20/25 [====="), std::string::npos) << text;
  EXPECT_NE(text.find("\r25/25 [==============================] - 0s "), std::string::npos) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
  EXPECT_TRUE(text.ends_with("us/sample\n") || text.ends_with("ms/sample\n")) << text;
}

TEST(PredictionBar, CountsStepsAsKeras3Does) {
  const std::string text = printed(1, kAtEachStep, ProgressStyle::keras3);
  for (const char* count : {"1/3", "2/3", "3/3"}) {
    EXPECT_NE(text.find(count), std::string::npos) << text;
  }
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
  EXPECT_TRUE(printed(1, {}, ProgressStyle::keras3).starts_with("3/3 ━━━━━━━━━━━━━━━━━━━━ 0s "));
  EXPECT_TRUE(printed(2, {}, ProgressStyle::keras3).starts_with("3/3 - 0s - "));
}

class BatchCounter final : public Callback {
 public:
  bool watches_batches() const override { return true; }
  void on_predict_batch_end(int64_t) override { ++batches; }
  int batches = 0;
};

TEST(PredictionBar, RunsBesideCallbacks) {
  const auto counter = std::make_shared<BatchCounter>();
  const std::string text = printed(1, kAtEachStep, ProgressStyle::tutorial, {counter});
  EXPECT_EQ(counter->batches, 3);
  EXPECT_EQ(std::ranges::count(text, '\r'), 3) << text;
}

TEST(PredictionBar, IsOneLineElsewhere) {
  for (const std::string& text : {printed(1, {}), printed(2, kAtEachStep), printed(2, {})}) {
    EXPECT_TRUE(text.starts_with("25/25 ")) << text;
    EXPECT_EQ(text.find('\r'), std::string::npos) << text;
    EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
  }
  EXPECT_EQ(printed(0, kAtEachStep), "");
}

}  // namespace prediction_bar_test
}  // namespace cornu::inline v0
