#include "cornu/formats/png.h"

#include <gtest/gtest.h>

#include <vector>

#include "cornu/core/error.h"

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

TEST(Png, RefusesWhatIsNoPicture) {
  const std::vector<uint8_t> pixels(6);
  EXPECT_THROW(write_gray_png(3, 3, pixels), Error);
  EXPECT_THROW(write_gray_png(0, 2, {}), Error);
  EXPECT_THROW(write_gray_png(-3, -2, pixels), Error);
  EXPECT_THROW(write_gray_png(int64_t{1} << 40, 1, pixels), Error);
}

}  // namespace png_test
}  // namespace cornu::inline v0::formats
