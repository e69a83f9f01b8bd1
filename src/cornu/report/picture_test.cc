#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "cornu/core/error.h"
#include "cornu/report/picture_internal.h"
#include "cornu/report/test_folder_test.h"

namespace cornu {
namespace picture_test {

using testing::HasSubstr;
using testing::StartsWith;

void draw_words(cairo_t* cr) {
  set_color(cr, 0x0072b2);
  set_font_size(cr, 14);
  draw_text(cr, "left", 10, 20, Align::left);
  draw_text(cr, "right", 90, 20, Align::right);
  draw_text_upwards(cr, "up", 50, 40);
}

template <class Call>
std::string message(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Picture, TheEndingOfTheNameChoosesTheKind) {
  const TestFolder folder;
  for (const char* name : {"a.svg", "a.SVG"}) {
    save_picture(folder.file(name), 100, 60, draw_words);
    EXPECT_THAT(folder.text(name), StartsWith("<?xml"));
    EXPECT_THAT(folder.text(name), HasSubstr("width=\"100px\" height=\"60px\""));
  }
  for (const char* name : {"a.png", "a.PNG"}) {
    save_picture(folder.file(name), 100, 60, draw_words);
    const std::string bytes = folder.text(name);
    EXPECT_THAT(bytes, StartsWith("\x89PNG\r\n\x1a\n"));
    // Big-endian width and height, after the length and the name of the first chunk.
    EXPECT_EQ(bytes.substr(16, 8), std::string("\0\0\0\x64\0\0\0\x3c", 8));
  }
}

TEST(Picture, TheSameDrawingGivesTheSameBytes) {
  const TestFolder folder;
  for (const std::string ending : {".svg", ".png"}) {
    save_picture(folder.file("first" + ending), 100, 60, draw_words);
    save_picture(folder.file("second" + ending), 100, 60, draw_words);
    EXPECT_EQ(folder.text("first" + ending), folder.text("second" + ending));
  }
}

TEST(Picture, EveryNameThatAnSvgUsesIsDefined) {
  const TestFolder folder;
  save_picture(folder.file("a.svg"), 100, 60, draw_words);
  const std::string svg = folder.text("a.svg");
  int used = 0;
  for (size_t at = svg.find("href=\"#"); at != std::string::npos;
       at = svg.find("href=\"#", at + 1)) {
    const std::string name = svg.substr(at + 7, svg.find('"', at + 7) - at - 7);
    EXPECT_THAT(svg, HasSubstr("id=\"" + name + "\""));
    ++used;
  }
  EXPECT_EQ(used, 11) << "one per letter";
}

TEST(Picture, AWiderTextIsWider) {
  const TestFolder folder;
  save_picture(folder.file("a.svg"), 100, 60, [](cairo_t* cr) {
    set_font_size(cr, 10);
    const double narrow = text_width(cr, "ii"), wide = text_width(cr, "MM");
    EXPECT_GT(narrow, 2);
    EXPECT_GT(wide, narrow);
    set_font_size(cr, 20);
    EXPECT_NEAR(text_width(cr, "MM"), 2 * wide, 0.5);
  });
}

TEST(Picture, RefusesOtherEndingsBeforeItWrites) {
  const TestFolder folder;
  for (const char* name : {"a.jpg", "a", "svg"}) {
    const std::string path = folder.file(name);
    EXPECT_THAT(message([&] { save_picture(path, 10, 10, draw_words); }),
                HasSubstr("expected a name that ends in .svg or .png, got "));
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  EXPECT_THAT(message([] { save_picture(".png", 10, 10, draw_words); }),
              HasSubstr("expected a name"));
}

TEST(Picture, RefusesSizesThatCannotBe) {
  const TestFolder folder;
  EXPECT_THAT(message([&] { save_picture(folder.file("a.png"), 32768, 10, draw_words); }),
              HasSubstr("at most 32767 × 32767 pixels, got 32768 × 10"));
  EXPECT_THAT(message([&] { save_picture(folder.file("a.svg"), 10, 0, draw_words); }),
              HasSubstr("got 10 × 0"));
}

TEST(Picture, AFailedDrawingLeavesTheOldFile) {
  const TestFolder folder;
  for (const char* name : {"a.svg", "a.png"}) {
    replace_file(folder.file(name), "old");
    EXPECT_THROW(save_picture(folder.file(name), 10, 10,
                              [](cairo_t*) { throw std::runtime_error("no more"); }),
                 std::runtime_error);
    EXPECT_EQ(folder.text(name), "old");
  }
  EXPECT_THROW(save_picture(folder.file("none/a.png"), 10, 10, draw_words), Error);
}

}  // namespace picture_test
}  // namespace cornu
