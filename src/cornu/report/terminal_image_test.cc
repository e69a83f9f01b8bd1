#include "cornu/report/terminal_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "cornu/core/error.h"

namespace cornu {
namespace terminal_image_test {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

Tensor bytes(Shape shape, const std::vector<uint8_t>& values) {
  return Tensor::of<uint8_t>(shape, values);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

int64_t width_of(const std::string& line) {
  return std::count_if(line.begin(), line.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

// A white frame of one pixel on black.
Tensor frame(int64_t n, int64_t side) {
  Tensor images({n, side, side}, DType::uint8);
  const auto pixels = images.span<uint8_t>();
  for (int64_t i = 0; i < images.size(); ++i) {
    const int64_t x = i % side, y = i / side % side;
    if (x == 0 || y == 0 || x == side - 1 || y == side - 1) pixels[static_cast<size_t>(i)] = 255;
  }
  return images;
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

TEST(TerminalImage, BlocksShowTwoPixelsPerCharacter) {
  EXPECT_EQ(terminal_image(bytes({4, 2}, {255, 255, 0, 0, 0, 0, 255, 255})), "▀▀\n▄▄\n");
  EXPECT_EQ(terminal_image(bytes({2, 4}, {255, 0, 0, 255, 0, 255, 0, 255})), "▀▄ █\n");
}

TEST(TerminalImage, FlatAreasAreShaded) {
  EXPECT_EQ(terminal_image(bytes({2, 5}, {0, 64, 128, 191, 255, 0, 64, 128, 191, 255})), " ░▒▓█\n");
}

TEST(TerminalImage, QuartersAppearWhereItIsScaledDown) {
  // Two pixels across and four down per character.
  const std::vector<uint8_t> stairs = {255, 0, 0, 255, 255, 255, 0, 0,  //
                                       0,   0, 0, 0,   0,   0,   0, 0,  //
                                       255, 0, 0, 0,   255, 0,   0, 255, 0, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(terminal_image(bytes({4, 8}, stairs), {.width = 4}), "▌▝▛▗\n");
}

TEST(TerminalImage, AsciiIsARampFromSpaceToAt) {
  std::vector<uint8_t> ramp;
  for (int row = 0; row < 2; ++row) {
    for (int i = 0; i < 10; ++i) ramp.push_back(static_cast<uint8_t>(i * 255 / 9));
  }
  EXPECT_EQ(terminal_image(bytes({2, 10}, ramp), {.unicode = false}), " .:-=+*#%@\n");
}

TEST(TerminalImage, ColoursShowTheUpperAndTheLowerHalf) {
  EXPECT_EQ(terminal_image(bytes({2, 2}, {255, 255, 0, 128}), {.color = true}),
            "\x1b[38;5;231m\x1b[48;5;16m▀\x1b[48;5;244m▀\x1b[0m\n");
  EXPECT_EQ(terminal_image(bytes({2, 1}, {255, 255}), {.unicode = false, .color = true}),
            "\x1b[48;5;231m \x1b[0m\n");
  EXPECT_EQ(terminal_image(bytes({1, 1, 3}, {255, 0, 0}), {.unicode = false, .color = true}),
            "\x1b[48;5;196m \x1b[0m\n");
}

TEST(TerminalImage, WithoutColourThereIsNoEscape) {
  for (const bool unicode : {false, true}) {
    EXPECT_THAT(terminal_images(frame(5, 28), {}, {.unicode = unicode}), Not(HasSubstr("\x1b")));
  }
}

TEST(TerminalImage, FiveDigitsFitEightyColumns) {
  const std::vector<std::string> captions = {"5", "0", "4", "1", "9", "2", "1"};
  for (const bool unicode : {false, true}) {
    const auto lines = lines_of(terminal_images(frame(7, 28), captions, {.unicode = unicode}));
    // Two rows of 7 lines and a caption, and an empty line between them.
    ASSERT_THAT(lines, SizeIs(17));
    for (const std::string& line : lines) EXPECT_LE(width_of(line), 80) << line;
    EXPECT_EQ(width_of(lines[0]), 5 * 14 + 4 * 2);
    EXPECT_EQ(lines[7].find('5'), 6U);
    EXPECT_EQ(lines[7].find('0'), 6U + 16);
    EXPECT_EQ(lines[7].size(), 6U + 4 * 16 + 1);
    EXPECT_EQ(lines[8], "");
    EXPECT_EQ(lines[16].find('2'), 6U);
  }
}

TEST(TerminalImage, AsManyColumnsAsThereIsRoomFor) {
  const Tensor white = bytes({20, 28, 28}, std::vector<uint8_t>(20 * 28 * 28, 255));
  const auto lines = lines_of(terminal_images(white, {}, {.columns = 100, .width = 40}));
  for (const std::string& line : lines) EXPECT_LE(width_of(line), 40) << line;
  EXPECT_EQ(width_of(lines[0]), 7 * 4 + 6 * 2);
  EXPECT_THAT(lines_of(terminal_images(frame(3, 4), {}, {.columns = 0, .width = -1})),
              SizeIs(3 * 2 + 2));
}

TEST(TerminalImage, LongCaptionsAreCutBetweenCharacters) {
  const std::vector<std::string> captions = {"Überraschung"};
  const std::string text = terminal_images(frame(1, 4), captions);
  EXPECT_THAT(lines_of(text), SizeIs(3));
  EXPECT_EQ(lines_of(text)[2], "Über");
}

TEST(TerminalImage, FloatsGiveTheSameTextAsBytes) {
  const std::vector<float> values = {0, 1, 1, 0};
  EXPECT_EQ(terminal_image(Tensor::of<float>({2, 2}, values)),
            terminal_image(bytes({2, 2}, {0, 255, 255, 0})));
}

TEST(TerminalImage, RefusesTensorsThatAreNoImages) {
  const std::vector<std::string> captions = {"one"};
  EXPECT_THAT(message([] { terminal_image(Tensor(Shape{784})); }),
              HasSubstr("expected images of shape (n, h, w)"));
  EXPECT_THAT(message([] {
                terminal_image(Tensor({2, 2}, DType::int32));
              }),
              HasSubstr("got int32"));
  EXPECT_THAT(message([&] { terminal_images(frame(2, 4), captions); }),
              HasSubstr("a caption for each of 2 images, or none, got 1"));
  EXPECT_THAT(message([] { terminal_images(Tensor({0, 4, 4})); }), HasSubstr("got (0, 4, 4)"));
}

}  // namespace terminal_image_test
}  // namespace cornu
