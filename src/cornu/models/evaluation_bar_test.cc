// evaluate() shows how far it is, as fit() does.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <sstream>
#include <string>

#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace evaluation_bar_test {

// What an evaluation of 25 samples in steps of 10 prints.
std::string printed(int64_t verbose, std::optional<LiveBar> bar) {
  Sequential model({Input({3}), Dense(1)});
  model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {"mae"}});
  const Tensor x(Shape{25, 3});
  const Tensor y(Shape{25, 1});
  std::ostringstream out;
  model.evaluate(x, y, {.batch_size = 10, .verbose = verbose, .stream = &out, .live_bar = bar});
  return out.str();
}

TEST(EvaluationBar, RunsWhereItIsLive) {
  const LiveBar at_each_step{.interval = std::chrono::milliseconds(0)};
  const std::string text = printed(1, at_each_step);
  EXPECT_TRUE(text.starts_with(
      "\r10/25 [===========>..................] - ETA: 0s - loss: 0.0000 - mae: 0.0000"))
      << text;
  EXPECT_NE(text.find("\r20/25 [====="), std::string::npos) << text;
  EXPECT_NE(text.find("\r25/25 [==============================] - 0s "), std::string::npos) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
  EXPECT_TRUE(text.ends_with("\n"));
}

TEST(EvaluationBar, IsOneLineElsewhere) {
  const LiveBar at_each_step{.interval = std::chrono::milliseconds(0)};
  for (const std::string& text : {printed(1, {}), printed(2, at_each_step), printed(2, {})}) {
    EXPECT_TRUE(text.starts_with("25/25 ")) << text;
    EXPECT_EQ(text.find('\r'), std::string::npos) << text;
    EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
  }
  EXPECT_EQ(printed(0, at_each_step), "");
}

}  // namespace evaluation_bar_test
}  // namespace cornu::inline v0
