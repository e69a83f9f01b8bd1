#include "cornu/formats/display_width.h"

#include <gtest/gtest.h>

namespace cornu::inline v0::formats {
namespace display_width_test {

TEST(DisplayWidth, CountsTheColumnsOfATerminal) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("Zürich"), 6U);
  EXPECT_EQ(display_width("Zu\u0308rich"), 6U) << "a mark over the letter before it";
  EXPECT_EQ(display_width("東京"), 4U);
  EXPECT_EQ(display_width("ｶﾅ한글"), 6U) << "narrow and wide forms";
  EXPECT_EQ(display_width("🐧"), 2U);
  EXPECT_EQ(display_width("█─…é"), 4U);
  EXPECT_EQ(display_width("\xff\xfe"), 2U) << "no UTF-8";
}

TEST(DisplayWidth, TextsAreCutToFit) {
  EXPECT_EQ(fitted_text("penguin", 7), "penguin");
  EXPECT_EQ(fitted_text("penguins", 7), "pengui…");
  EXPECT_EQ(fitted_text("penguins", 7, "..."), "peng...");
  EXPECT_EQ(fitted_text("penguins", 0), "");
  EXPECT_EQ(fitted_text("東京都", 6), "東京都");
  EXPECT_EQ(fitted_text("東京都", 5), "東京…");
  EXPECT_EQ(fitted_text("東京都", 4), "東…") << "half a character is none";
  EXPECT_EQ(fitted_text("penguins", 2, "..."), "..");
}

TEST(DisplayWidth, NothingCommandsTheTerminal) {
  EXPECT_EQ(fitted_text("a\x1b[31m\nb\xff\u0085", 20), "a [31m b  ");
}

}  // namespace display_width_test
}  // namespace cornu::inline v0::formats
