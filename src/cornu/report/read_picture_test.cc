#include "cornu/report/read_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>
#include <sys/resource.h>

#include "cornu/core/error.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {
namespace read_picture_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string packed(const std::string& bytes) {
  std::string to(bytes.size() + 100, '\0');
  libdeflate_compressor* const compressor = libdeflate_alloc_compressor(1);
  to.resize(libdeflate_zlib_compress(compressor, bytes.data(), bytes.size(), to.data(), to.size()));
  libdeflate_free_compressor(compressor);
  return to;
}

std::string big_endian(uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string content = type + data;
  return big_endian(static_cast<uint32_t>(data.size())) + content +
         big_endian(libdeflate_crc32(0, content.data(), content.size()));
}

// `kind` is 0 for grey, 2 for colours, 6 for colours with transparency; the lines are stored.
std::string png(uint32_t width, uint32_t height, int kind, const std::string& pixels) {
  const size_t line = pixels.size() / height;
  std::string lines;
  for (uint32_t y = 0; y < height; ++y) lines += '\0' + pixels.substr(y * line, line);
  const std::string header =
      big_endian(width) + big_endian(height) + std::string{8, static_cast<char>(kind), 0, 0, 0};
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", packed(lines)) +
         chunk("IEND", "");
}

class PictureFile : public ::testing::Test {
 protected:
  std::vector<int> read(const std::string& bytes, int64_t channels) {
    replace_file(folder_.file("a.png"), bytes);
    const Tensor picture = read_picture(folder_.file("a.png"), channels);
    shape_ = picture.shape();
    const auto values = picture.span<uint8_t>();
    return {values.begin(), values.end()};
  }
  std::string error(const std::string& bytes, int64_t channels = 1) {
    try {
      read(bytes, channels);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  TestFolder folder_;
  Shape shape_;
};

TEST_F(PictureFile, OfGreyIsReadAsItIs) {
  const std::string bytes = png(3, 2, 0, std::string("\0\x01\x80\x7f\xfe\xff", 6));
  EXPECT_THAT(read(bytes, 1), ElementsAre(0, 1, 128, 127, 254, 255));
  EXPECT_EQ(shape_, Shape({2, 3}));
  EXPECT_THAT(read(bytes, 3).size(), 18);
  EXPECT_EQ(shape_, Shape({2, 3, 3}));
}

TEST_F(PictureFile, OfColoursGivesThemOrTheirBrightness) {
  const std::string bytes = png(2, 1, 2, std::string("\xff\0\0\x0a\x14\x1e", 6));
  EXPECT_THAT(read(bytes, 3), ElementsAre(255, 0, 0, 10, 20, 30));
  EXPECT_THAT(read(bytes, 1), ElementsAre(76, 18));
}

TEST_F(PictureFile, IsWhiteWhereItIsTransparent) {
  const std::string bytes = png(3, 1, 6, std::string("\0\0\0\0\x0a\x14\x1e\xff\0\0\0\x80", 12));
  EXPECT_THAT(read(bytes, 3), ElementsAre(255, 255, 255, 10, 20, 30, 127, 127, 127));
}

int64_t most_kibibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Texts that unpack to 210 MB.
TEST_F(PictureFile, WhatElseIsPackedInItIsNotUnpacked) {
  using std::string_literals::operator""s;
  std::string file = png(2, 1, 0, "ab");
  const std::string bomb = chunk("zTXt", "key\0\0"s + packed(std::string(7'000'000, 'a')));
  for (int i = 0; i < 30; ++i) file.insert(file.find("IDAT") - 4, bomb);
  const int64_t before = most_kibibytes();
  EXPECT_THAT(read(file, 1), ElementsAre('a', 'b'));
  EXPECT_LT(most_kibibytes() - before, 50'000);
}

// Bytes behind the last line of pixels do no harm.
TEST_F(PictureFile, MayHaveMorePixelsThanItsSizeSays) {
  const std::string two = png(2, 2, 0, "abcd");
  const std::string one = png(2, 1, 0, "ab");
  const size_t header = one.find("IDAT") - 4;
  EXPECT_THAT(read(one.substr(0, header) + two.substr(header), 1), ElementsAre('a', 'b'));
}

TEST_F(PictureFile, IsRefusedIfItIsNoneOrDamaged) {
  const std::string whole = png(3, 2, 0, "abcdef");
  EXPECT_THAT(error("GIF89a"),
              HasSubstr("a.png: expected a picture in PNG or JPEG, got a GIF picture"));
  EXPECT_THAT(error(whole.substr(0, 20)), HasSubstr("a.png: the picture is damaged"));
  EXPECT_THAT(error(whole.substr(0, whole.size() - 20)),
              HasSubstr("a.png: the picture is damaged"));
  std::string flipped = whole;
  flipped[45] ^= 1;
  EXPECT_THAT(error(flipped), HasSubstr("a.png: the picture is damaged"));
  const std::string large = png(40'000, 40'000, 0, std::string(40'000, 'a'));
  EXPECT_THAT(error(large),
              HasSubstr("expected a picture of 1 to 67108864 pixels, got 40000 × 40000"));
  EXPECT_THAT(error(whole, 2), HasSubstr("expected 1 or 3 channels of a picture, got 2"));
}

}  // namespace read_picture_test
}  // namespace cornu::inline v0
