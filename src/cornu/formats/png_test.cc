#include "cornu/formats/png.h"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/formats/picture.h"

namespace cornu::inline v0::formats {
namespace png_test {

TEST(Png, IsGreyAndOfTheGivenSize) {
  const std::vector<uint8_t> pixels = {0, 128, 255, 1, 2, 3};
  const std::string png = write_gray_png(3, 2, pixels);
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  // The header: its length, name, width, height, 8 bits, grey.
  EXPECT_EQ(png.substr(12, 4), "IHDR");
  EXPECT_EQ(png.substr(16, 10), std::string("\0\0\0\3\0\0\0\2\10\0", 10));
  EXPECT_EQ(write_gray_png(3, 2, pixels), png);
}

TEST(Png, ItsChunksHoldTheRows) {
  constexpr size_t kWidth = 50, kHeight = 30;
  std::vector<uint8_t> pixels(kWidth * kHeight);
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(i * i / 7);
  const std::string png = write_gray_png(kWidth, kHeight, pixels);

  const size_t data = 8 + 25 + 8;  // behind the signature, the header, and length and type
  const size_t end = png.size() - 12;
  // The last chunk is the same in every PNG file.
  EXPECT_EQ(png.substr(end), std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12));
  ASSERT_EQ(png.substr(data - 4, 4), "IDAT");
  std::string rows(kHeight * (kWidth + 1), 'x');
  libdeflate_decompressor* const inflate = libdeflate_alloc_decompressor();
  const libdeflate_result result = libdeflate_zlib_decompress(
      inflate, png.data() + data, end - 4 - data, rows.data(), rows.size(), nullptr);
  libdeflate_free_decompressor(inflate);
  ASSERT_EQ(result, LIBDEFLATE_SUCCESS);
  for (size_t y = 0; y < kHeight; ++y) {
    EXPECT_EQ(rows[y * (kWidth + 1)], '\0') << "the filter of row " << y;
    for (size_t x = 0; x < kWidth; ++x) {
      const auto pixel = static_cast<uint8_t>(rows[y * (kWidth + 1) + 1 + x]);
      ASSERT_EQ(pixel, pixels[y * kWidth + x]) << y << ", " << x;
    }
  }
}

TEST(Png, KeepsColours) {
  const std::vector<uint8_t> pixels = {255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const std::string png = write_rgb_png(2, 2, pixels);
  const Tensor picture = read_picture_file(std::as_bytes(std::span(png)), "memory").pixels;
  ASSERT_EQ(picture.shape(), Shape({2, 2, 3}));
  EXPECT_TRUE(std::ranges::equal(picture.span<uint8_t>(), pixels));
}

TEST(Png, RefusesWhatIsNoPicture) {
  const std::vector<uint8_t> pixels(6);
  EXPECT_THROW(write_gray_png(3, 3, pixels), Error);
  EXPECT_THROW(write_rgb_png(3, 2, pixels), Error);
  EXPECT_THROW(write_gray_png(0, 2, {}), Error);
  EXPECT_THROW(write_gray_png(-3, -2, pixels), Error);
  EXPECT_THROW(write_gray_png(int64_t{1} << 40, 1, pixels), Error);
}

}  // namespace png_test
}  // namespace cornu::inline v0::formats
