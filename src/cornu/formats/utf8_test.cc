#include "cornu/formats/utf8.h"

#include <gtest/gtest.h>

namespace cornu::inline v0::formats {
namespace utf8_test {

TEST(Utf8, TakesCharactersOfEverySize) {
  EXPECT_EQ(character_size("a"), 1U);
  EXPECT_EQ(character_size("é!"), 2U);
  EXPECT_EQ(character_size("€!"), 3U);
  EXPECT_EQ(character_size("𝄞!"), 4U);
  EXPECT_EQ(character_size(std::string_view("\0", 1)), 1U);
  EXPECT_EQ(character_size("\xED\x9F\xBF"), 3U);      // the last before the surrogates
  EXPECT_EQ(character_size("\xF4\x8F\xBF\xBF"), 4U);  // the last of all
  EXPECT_TRUE(is_utf8("Müller 数字 🐘"));
  EXPECT_TRUE(is_utf8(""));
}

TEST(Utf8, RefusesBytesThatAreNoCharacter) {
  for (const char* text :
       {"\x80", "\xC3", "\xC3(", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xFF", "\xE2\x82", "\xE2(\xA1", "\xF0\x9F\x90", "\xF0\x9F(\x98"}) {
    EXPECT_EQ(character_size(text), 0U) << shown(text);
    EXPECT_FALSE(is_utf8("ok" + std::string(text))) << shown(text);
  }
  EXPECT_EQ(character_size(""), 0U);
}

TEST(Utf8, KnowsControlCharacters) {
  for (const char* control : {"\x01", "\n", "\x1B", "\x7F", "\xC2\x80", "\xC2\x9B", "\xC2\x9F"}) {
    EXPECT_TRUE(is_control(control)) << shown(control);
  }
  EXPECT_TRUE(is_control(std::string_view("\0", 1)));
  for (const char* other : {" ", "~", "\xC2\xA0", "é", "€"}) EXPECT_FALSE(is_control(other));
}

TEST(Utf8, ShowsAStrangersNameHarmless) {
  EXPECT_EQ(shown("dense/kernel"), "\"dense/kernel\"");
  EXPECT_EQ(shown("é\x1B[31m\xFF"), "\"é\\x1b[31m\\xff\"");
  EXPECT_EQ(shown("\xC2\x9B"), "\"\\xc2\\x9b\"");
  EXPECT_EQ(shown(std::string(64, 'a')), "\"" + std::string(64, 'a') + "\"");
  EXPECT_EQ(shown(std::string(65, 'a')), "\"" + std::string(64, 'a') + "…\"");
}

}  // namespace utf8_test
}  // namespace cornu::inline v0::formats
