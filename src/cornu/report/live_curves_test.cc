#include "cornu/report/live_curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "cornu/layers/dense.h"
#include "cornu/models/sequential.h"
#include "cornu/training/terminal_test.h"

namespace cornu::inline v0 {
namespace live_curves_test {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// What a fit of three epochs, of two steps each, draws.
std::string drawn(std::chrono::milliseconds interval, int64_t epochs = 3) {
  std::ostringstream out;
  Sequential model({Dense(1)});
  model.compile({.optimizer = "sgd", .loss = "mean_squared_error"});
  model.fit(
      Tensor::of<float>({4, 1}, {1, 2, 3, 4}), Tensor::of<float>({4, 1}, {2, 4, 6, 8}),
      {.batch_size = 2,
       .epochs = epochs,
       .verbose = 0,
       .callbacks = {LiveCurves(
           {.terminal = STDERR_FILENO, .stream = &out, .color = false, .interval = interval})}});
  return out.str();
}

size_t count_of(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(LiveCurves, EachDrawingGoesOverTheLastOne) {
  const TerminalForStderr terminal(60);
  ASSERT_TRUE(terminal.open());
  const std::string text = drawn(std::chrono::milliseconds(0));
  EXPECT_THAT(text, StartsWith("\rEpoch 1/3  1/2  "));
  EXPECT_THAT(text, HasSubstr("\x1b[1A"
                              "loss  "));
  const size_t last = text.rfind(
      "A"
      "loss  ");
  ASSERT_NE(last, std::string::npos);
  const std::string frame = text.substr(last);
  const auto lines = std::ranges::count(frame, '\n');
  EXPECT_EQ(text.substr(text.rfind("\x1b[", last), 5), "\x1b[" + std::to_string(lines) + "A")
      << "as far up as the last drawing had lines";
  EXPECT_THAT(frame, HasSubstr("\nEpoch 3/3  2/2  "));
  EXPECT_TRUE(text.ends_with(" s\x1b[K\n\x1b[J")) << frame;
}

TEST(LiveCurves, AreDrawnAtTheEndWhateverTheInterval) {
  const TerminalForStderr terminal(60);
  ASSERT_TRUE(terminal.open());
  const std::string text = drawn(std::chrono::hours(1), 200);
  EXPECT_EQ(count_of(text, "\x1b[J"), 1U);
  EXPECT_THAT(text, HasSubstr("Epoch 200/200"));
}

TEST(LiveCurves, NeedATerminalWithRoom) {
  EXPECT_FALSE(LiveCurves::fit_into(-1));
  {
    const TerminalForStderr wide(80);
    EXPECT_TRUE(LiveCurves::fit_into(STDERR_FILENO));
  }
  const TerminalForStderr narrow(39);
  EXPECT_FALSE(LiveCurves::fit_into(STDERR_FILENO));
}

}  // namespace live_curves_test
}  // namespace cornu::inline v0
