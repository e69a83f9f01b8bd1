#include "cornu/report/terminal_curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "cornu/formats/display_width.h"

namespace cornu::inline v0 {
namespace terminal_curves_test {

using ::testing::HasSubstr;
using ::testing::Not;

// `epochs` of a fit that is to have `all`: the loss falls from 1 to 0.
History falling(int64_t epochs, int64_t all, bool validates) {
  History history;
  history.params = {.epochs = all, .validates = validates};
  for (int64_t i = 0; i < epochs; ++i) {
    EpochRecord record{.epoch = i, .logs = {}, .seconds = 1};
    const double part = static_cast<double>(i) / static_cast<double>(all - 1);
    record.logs.set("loss", 1 - part);
    record.logs.set("accuracy", part);
    if (validates) record.logs.set("val_loss", 1);
    record.logs.set("learning_rate", 0.001);
    history.epochs.push_back(record);
  }
  return history;
}

TEST(TerminalCurves, AreDrawnInAscii) {
  EXPECT_EQ(terminal_curves(falling(6, 6, true), {.unicode = false, .width = 30, .height = 9}),
            "loss  * train 0  o val 1\n"
            "       1 |**oooooooooooooooooo\n"
            "         |  ****\n"
            "         |      ****\n"
            "         |          ***\n"
            "         |             ****\n"
            "       0 |                 ***\n"
            "         +--------------------\n"
            "          1                  6\n");
}

TEST(TerminalCurves, HaveRoomForTheEpochsToCome) {
  const std::string text =
      terminal_curves(falling(3, 5, false), {.unicode = false, .width = 30, .height = 8});
  EXPECT_THAT(text, HasSubstr("       1 |**\n         |  **\n"));
  EXPECT_THAT(text, HasSubstr("     0.5 |         **\n"));
  EXPECT_THAT(text, HasSubstr("          1                  5\n"));
}

TEST(TerminalCurves, DotsOfBrailleAreEightToACharacter) {
  EXPECT_EQ(terminal_curves(falling(2, 2, false), {.width = 14, .height = 7}),
            "loss\n"
            "       1 │⢣\n"
            "         │ ⢣\n"
            "         │  ⢣\n"
            "       0 │   ⢣\n"
            "         └────\n"
            "          1  2\n");
}

TEST(TerminalCurves, PlotsAreBesideOrBelowEachOtherWhereThereIsRoom) {
  const History history = falling(4, 4, true);
  EXPECT_THAT(terminal_curves(history, {.width = 80, .height = 20}),
              HasSubstr("loss  ─ train 0  ╌ val 1                 accuracy  ─ train 1\n"));
  EXPECT_THAT(terminal_curves(history, {.width = 50, .height = 20}),
              HasSubstr("\naccuracy  ─ train 1\n"));
  EXPECT_THAT(terminal_curves(history, {.width = 50, .height = 10}), Not(HasSubstr("accuracy")));
  EXPECT_THAT(terminal_curves(history, {}), Not(HasSubstr("learning_rate")));
  for (int64_t width = 12; width < 130; width += 7) {
    for (int64_t height = 4; height < 30; height += 3) {
      std::istringstream lines(terminal_curves(history, {.width = width, .height = height}));
      int64_t count = 0;
      for (std::string line; std::getline(lines, line); ++count) {
        EXPECT_LE(formats::display_width(line), static_cast<size_t>(width)) << line;
      }
      EXPECT_LE(count, height);
    }
  }
}

TEST(TerminalCurves, CurvesHaveColours) {
  const std::string text = terminal_curves(falling(4, 4, true), {.color = true});
  EXPECT_THAT(text, HasSubstr("loss  \x1b[36m─ train 0\x1b[0m  \x1b[33m╌ val 1\x1b[0m"));
  EXPECT_EQ(terminal_curves(falling(4, 4, true)).find('\x1b'), std::string::npos);
}

TEST(TerminalCurves, ValuesThatAreNotFiniteBreakALine) {
  History history = falling(3, 3, false);
  history.epochs[1].logs.set("loss", NAN);
  history.epochs[2].logs.set("loss", INFINITY);
  EXPECT_THAT(terminal_curves(history, {.unicode = false, .width = 20, .height = 8}),
              HasSubstr("         |*\n"));
  EXPECT_EQ(terminal_curves({}), "");
  EXPECT_NE(terminal_curves(falling(1, 2, false), {.width = 1, .height = 1}), "");
}

}  // namespace terminal_curves_test
}  // namespace cornu::inline v0
