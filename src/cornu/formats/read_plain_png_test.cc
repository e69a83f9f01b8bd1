#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <random>
#include <string>
#include <vector>

#include "cornu/core/file.h"
#include "cornu/core/paths_test.h"
#include "cornu/formats/picture_internal.h"

namespace cornu::inline v0::formats {
namespace read_plain_png_test {

using testing::ElementsAreArray;

std::string big(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string named = type + data;
  return big(static_cast<uint32_t>(data.size())) + named +
         big(libdeflate_crc32(0, named.data(), named.size()));
}

std::string packed(const std::string& raw) {
  libdeflate_compressor* const compressor = libdeflate_alloc_compressor(6);
  std::string bytes(libdeflate_zlib_compress_bound(compressor, raw.size()), '\0');
  bytes.resize(
      libdeflate_zlib_compress(compressor, raw.data(), raw.size(), bytes.data(), bytes.size()));
  libdeflate_free_compressor(compressor);
  return bytes;
}

// A PNG file in parts, which a test changes.
struct Png {
  uint32_t width = 9, height = 40;
  int channels = 1;
  std::string raw = {};          ///< a filter and differences for each row
  size_t part = 1 << 20;         ///< bytes of the stream in a chunk
  std::string before_data = {};  ///< chunks

  std::string file() const {
    const std::string colours = std::string("\0\4\2\6", 4).substr(channels - 1, 1);
    std::string bytes =
        kPngBegin +
        chunk("IHDR", big(width) + big(height) + "\x08" + colours + std::string(3, '\0')) +
        before_data;
    const std::string stream = packed(raw);
    for (size_t at = 0; at < stream.size(); at += part) {
      bytes += chunk("IDAT", stream.substr(at, part));
    }
    return bytes + chunk("IEND", "");
  }
};

// Every filter, over differences of every kind.
Png random_png(int channels) {
  Png png{.channels = channels};
  std::mt19937 random(static_cast<unsigned>(channels));
  for (uint32_t y = 0; y < png.height; ++y) {
    png.raw += static_cast<char>(y % 5);
    for (uint32_t i = 0; i < png.width * static_cast<uint32_t>(channels); ++i) {
      png.raw += static_cast<char>(y < 20 ? random() : random() % 3);
    }
  }
  return png;
}

std::optional<Tensor> read(const std::string& file) {
  return read_plain_png(std::as_bytes(std::span(file)));
}

TEST(PlainPng, HasThePixelsThatLibpngReads) {
  for (const int channels : {1, 2, 3, 4}) {
    Png png = random_png(channels);
    const std::optional<Tensor> found = read(png.file());
    ASSERT_TRUE(found) << channels;
    png.before_data = chunk("eXIf", std::string("MM\0*\0\0\0\x08\0\0\0\0\0\0", 14));
    const std::string turned = png.file();
    ASSERT_FALSE(read(turned));
    const Picture expected = read_picture_file(std::as_bytes(std::span(turned)), "libpng");
    EXPECT_EQ(found->shape(), expected.pixels.shape());
    EXPECT_THAT(found->span<uint8_t>(), ElementsAreArray(expected.pixels.span<uint8_t>()));
  }
}

// Weights one in 32768 larger would make 94 and 206 of them. Colours with a gamma are added as
// light.
TEST(PlainPng, BecomesGreyAsTensorFlowMakesIt) {
  const std::string raw("\0\x0A\x80\x94\x79\xFB\xCE\x07\x07\x07", 10);
  Png png{.width = 3, .height = 1, .channels = 3, .raw = raw};
  const auto grey = [&png] {
    const std::string file = png.file();
    const Tensor pixels = decode_picture(std::as_bytes(std::span(file)), "a.png", 1);
    return std::vector<int>(pixels.span<uint8_t>().begin(), pixels.span<uint8_t>().end());
  };
  EXPECT_THAT(grey(), testing::ElementsAre(95, 207, 7));
  for (const std::string& gamma :
       {chunk("gAMA", big(45'455)), chunk("sRGB", std::string(1, '\0'))}) {
    png.before_data = gamma;
    EXPECT_THAT(grey(), testing::ElementsAre(112, 216, 7));
  }
}

TEST(PlainPng, ComesInSeveralChunks) {
  Png png = random_png(3);
  const Tensor whole = *read(png.file());
  png.part = 100;
  png.before_data = chunk("tEXt", "Title\0a picture") + chunk("gAMA", big(45'455));
  EXPECT_THAT(read(png.file())->span<uint8_t>(), ElementsAreArray(whole.span<uint8_t>()));
}

TEST(PlainPng, LeavesTheOthersToLibpng) {
  const auto is_plain = [](const std::string& name) {
    return read_plain_png(read_file(std::string(kSourceFolder) + "/tests/goldens/pictures/" + name))
        .has_value();
  };
  EXPECT_TRUE(is_plain("grey.png"));
  EXPECT_TRUE(is_plain("colours_opacity.png"));
  for (const char* const name : {"palette.png", "grey_4.png", "grey_16.png", "grey_one_clear.png",
                                 "colours_interlaced.png", "colours_turned_6.png"}) {
    EXPECT_FALSE(is_plain(name)) << name;
  }
}

TEST(PlainPng, IsNothingWithAFault) {
  const Png png = random_png(2);
  const std::string file = png.file();
  for (size_t size = 8; size < file.size(); ++size) EXPECT_FALSE(read(file.substr(0, size)));
  for (size_t i = 8; i < file.size(); ++i) {
    std::string changed = file;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    EXPECT_FALSE(read(changed)) << i;
  }
  const auto is_read = [&png](auto change) {
    Png changed = png;
    change(changed);
    return read(changed.file()).has_value();
  };
  EXPECT_TRUE(is_read([](Png&) {}));
  EXPECT_FALSE(is_read([](Png& each) { each.raw[0] = 5; }));
  EXPECT_FALSE(is_read([](Png& each) { each.height += 1; }));
  EXPECT_FALSE(is_read([](Png& each) { each.height -= 1; }));
  EXPECT_FALSE(is_read([](Png& each) { each.width = 0; }));
  EXPECT_FALSE(is_read([](Png& each) { each.width = each.height = 65'535; }));
  EXPECT_FALSE(is_read([](Png& each) { each.before_data = chunk("IEND", ""); }));
  EXPECT_FALSE(is_read([](Png& each) { each.before_data = chunk("NeWs", ""); }));
  EXPECT_FALSE(
      is_read([](Png& each) { each.before_data = chunk("IDAT", "") + chunk("tEXt", ""); }));
}

}  // namespace read_plain_png_test
}  // namespace cornu::inline v0::formats
