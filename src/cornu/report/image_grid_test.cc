#include "cornu/report/image_grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/report/test_folder_test.h"

namespace cornu {
namespace image_grid_test {

using testing::HasSubstr;

const std::span<const int64_t> kNoLabels;

struct Png {
  uint32_t width = 0, height = 0;
  std::string bytes;
  // Red, green and blue in one number.
  uint32_t at(uint32_t x, uint32_t y) const {
    const size_t start = y * (3 * size_t{width} + 1) + 1 + 3 * size_t{x};
    const auto byte = [&](size_t i) { return static_cast<uint8_t>(bytes[start + i]); };
    return static_cast<uint32_t>(byte(0) << 16 | byte(1) << 8 | byte(2));
  }
};

uint32_t big_endian(const std::string& text, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(text[at + i]);
  return value;
}

uint8_t paeth(int left, int above, int corner) {
  const int guess = left + above - corner;
  const int a = std::abs(guess - left), b = std::abs(guess - above), c = std::abs(guess - corner);
  return static_cast<uint8_t>(a <= b && a <= c ? left : b <= c ? above : corner);
}

// Undoes PNG's filters of rows of three bytes per pixel.
void unfilter(Png& png) {
  const size_t row_bytes = 3 * size_t{png.width} + 1;
  for (size_t y = 0; y < png.height; ++y) {
    const char filter = png.bytes[y * row_bytes];
    for (size_t x = 1; x < row_bytes; ++x) {
      const auto at = [&](size_t row, size_t column) {
        return static_cast<uint8_t>(png.bytes[row * row_bytes + column]);
      };
      const int left = x > 3 ? at(y, x - 3) : 0, above = y > 0 ? at(y - 1, x) : 0;
      const int corner = x > 3 && y > 0 ? at(y - 1, x - 3) : 0;
      const int add = filter == 1   ? left
                      : filter == 2 ? above
                      : filter == 3 ? (left + above) / 2
                      : filter == 4 ? paeth(left, above, corner)
                                    : 0;
      png.bytes[y * row_bytes + x] = static_cast<char>(at(y, x) + add);
    }
  }
}

// Reads 8-bit RGB, the one kind that is written.
Png read_png(const std::string& file) {
  Png png{big_endian(file, 16), big_endian(file, 20), {}};
  EXPECT_EQ(file.substr(24, 2), "\x08\x02");
  std::string packed;
  for (size_t at = 8; at + 8 < file.size();) {
    const size_t length = big_endian(file, at);
    if (file.substr(at + 4, 4) == "IDAT") packed += file.substr(at + 8, length);
    at += length + 12;
  }
  png.bytes.resize(png.height * (3 * size_t{png.width} + 1));
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  EXPECT_EQ(libdeflate_zlib_decompress(decompressor, packed.data(), packed.size(), png.bytes.data(),
                                       png.bytes.size(), nullptr),
            LIBDEFLATE_SUCCESS);
  libdeflate_free_decompressor(decompressor);
  unfilter(png);
  return png;
}

// n images of 2 × 2: black, dark, light, white.
Tensor squares(int64_t n) {
  Tensor images({n, 2, 2}, DType::uint8);
  const auto pixels = images.span<uint8_t>();
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(i % 4 * 85);
  return images;
}

Png drawn(TensorView images, std::span<const int64_t> labels, int64_t columns) {
  const TestFolder folder;
  save_image_grid(images, labels, columns, folder.file("grid.png"));
  return read_png(folder.text("grid.png"));
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

TEST(ImageGrid, PixelsBecomeSharpSquares) {
  const Png png = drawn(squares(1), kNoLabels, 10);
  EXPECT_EQ(png.width, 16U + 84 + 16);
  EXPECT_EQ(png.height, 16U + 84 + 16);
  for (uint32_t y = 0; y < png.height; ++y) {
    for (uint32_t x = 0; x < png.width; ++x) {
      const bool inside = x >= 16 && x < 100 && y >= 16 && y < 100;
      const uint32_t expected =
          inside ? 0x555555 * ((x - 16) / 42 + 2 * ((y - 16) / 42)) : 0xffffff;
      ASSERT_EQ(png.at(x, y), expected) << x << ", " << y;
    }
  }
}

TEST(ImageGrid, ImagesFollowInRows) {
  const Png png = drawn(squares(5), kNoLabels, 3);
  EXPECT_EQ(png.width, 2 * 16U + 3 * 84 + 2 * 12);
  EXPECT_EQ(png.height, 2 * 16U + 2 * 84 + 12);
  // The black corner of the first, fourth and fifth; nothing where a sixth would be.
  EXPECT_EQ(png.at(16, 16), 0U);
  EXPECT_EQ(png.at(16, 112), 0U);
  EXPECT_EQ(png.at(112, 112), 0U);
  EXPECT_EQ(png.at(208, 112), 0xffffffU);
}

TEST(ImageGrid, LabelsStandUnderTheirImages) {
  const std::vector<int64_t> labels = {7, 1};
  const Png png = drawn(squares(2), labels, 10);
  EXPECT_EQ(png.height, 2 * 16U + 84 + 24);
  std::vector<int> dark(2);
  for (uint32_t y = 102; y < 124; ++y) {
    for (uint32_t x = 16; x < 196; ++x) dark[x / 106] += png.at(x, y) < 0x808080 ? 1 : 0;
  }
  EXPECT_GT(dark[0], 5);
  EXPECT_GT(dark[1], 5);
}

TEST(ImageGrid, WordsTooWideForTheirImageAreShrunk) {
  const std::vector<std::string> captions = {"a class with a name that is much too long"};
  const TestFolder folder;
  save_image_grid(squares(1), captions, 1, folder.file("grid.png"));
  const Png png = read_png(folder.text("grid.png"));
  for (uint32_t y = 100; y < png.height; ++y) {
    for (const uint32_t x : {0U, 4U, 8U, png.width - 9, png.width - 1}) {
      EXPECT_EQ(png.at(x, y), 0xffffffU);
    }
  }
}

TEST(ImageGrid, FloatsRunFromZeroToOne) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values = {0, 0.2f, 1, 1e9f, kNan, -3};
  const Png png = drawn(Tensor::of<float>({1, 1, 6}, values), kNoLabels, 1);
  const std::vector<uint32_t> expected = {0, 0x333333, 0xffffff, 0xffffff, 0, 0};
  for (uint32_t i = 0; i < 6; ++i) EXPECT_EQ(png.at(16 + 14 * i, 20), expected[i]) << i;
}

TEST(ImageGrid, ColoursAreKept) {
  const std::vector<uint8_t> values = {255, 0, 0, 1, 2, 3};
  const Png png = drawn(Tensor::of<uint8_t>({1, 1, 2, 3}, values), kNoLabels, 1);
  EXPECT_EQ(png.at(16, 16), 0xff0000U);
  EXPECT_EQ(png.at(58, 16), 0x010203U);
  EXPECT_EQ(drawn(squares(1).view().reshape({1, 2, 2, 1}), kNoLabels, 1).at(99, 99), 0xffffffU);
}

TEST(ImageGrid, AnSvgHoldsSquarePixelsAndIsAlwaysTheSame) {
  const TestFolder folder;
  const std::vector<int64_t> labels = {7, 1};
  for (const char* name : {"a.svg", "b.svg"}) {
    save_image_grid(squares(2), labels, 10, folder.file(name));
  }
  EXPECT_THAT(folder.text("a.svg"), HasSubstr("<image style=\"image-rendering:pixelated\" "));
  EXPECT_EQ(folder.text("a.svg"), folder.text("b.svg"));
}

TEST(ImageGrid, RefusesBadImagesLabelsAndSizes) {
  const TestFolder folder;
  const std::string path = folder.file("grid.png");
  const std::vector<int64_t> labels = {7};
  const auto refused = [&](TensorView images, std::span<const int64_t> each, int64_t columns) {
    return message([&] { save_image_grid(images, each, columns, path); });
  };
  EXPECT_THAT(refused(Tensor({2, 2}), kNoLabels, 1),
              HasSubstr("expected images of shape (n, h, w), (n, h, w, 1) or (n, h, w, 3), got "));
  EXPECT_THAT(refused(Tensor({2, 2, 2, 4}), kNoLabels, 1), HasSubstr("got (2, 2, 4)"));
  EXPECT_THAT(refused(Tensor({0, 28, 28}), kNoLabels, 1), HasSubstr("got (0, 28, 28)"));
  EXPECT_THAT(refused(Tensor({1, 2, 2}, DType::int64), kNoLabels, 1), HasSubstr("got int64"));
  EXPECT_THAT(refused(squares(2), labels, 1),
              HasSubstr("expected a label for each of 2 images, or none, got 1"));
  EXPECT_THAT(refused(squares(2), kNoLabels, 0), HasSubstr("at least one column, got 0"));
  EXPECT_THAT(refused(Tensor({1, 1, 40000}, DType::uint8), kNoLabels, 1),
              HasSubstr("at most 32767 pixels per side"));
  EXPECT_THAT(refused(squares(400), kNoLabels, 1), HasSubstr("at most 32767"));
  EXPECT_THAT(refused(squares(400), kNoLabels, 400), HasSubstr("at most 32767"));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_THAT(message([&] { save_image_grid(squares(1), kNoLabels, 1, folder.file("grid.gif")); }),
              HasSubstr(".svg or .png"));
}

}  // namespace image_grid_test
}  // namespace cornu
