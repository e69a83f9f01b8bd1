#include <libdeflate.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "cornu/formats/picture_internal.h"

namespace cornu::inline v0::formats {
namespace {

constexpr size_t kHeaderLength = 13;
// Deflate packs a byte into a 1032nd of it at best: no larger picture is in a file.
constexpr uint64_t kBestPacking = 1032;

uint32_t big_endian(std::span<const std::byte> bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<uint32_t>(bytes[i]);
  return value;
}

// A picture of 8 bits in each channel, packed in one stream.
struct PlainPng {
  uint64_t width = 0, height = 0;
  size_t channels = 0;
  std::vector<std::span<const std::byte>> parts = {};  ///< of the stream

  uint64_t row_bytes() const { return width * channels; }
  uint64_t raw_bytes() const { return height * (row_bytes() + 1); }
};

bool read_plain_header(std::span<const std::byte> data, PlainPng& png) {
  if (data.size() != kHeaderLength) return false;
  png.width = big_endian(data);
  png.height = big_endian(data.subspan(4));
  const auto [depth, colours, method, filters, interlace] = std::array{
      std::to_integer<int>(data[8]), std::to_integer<int>(data[9]), std::to_integer<int>(data[10]),
      std::to_integer<int>(data[11]), std::to_integer<int>(data[12])};
  if (depth != 8 || method != 0 || filters != 0 || interlace != 0) return false;
  constexpr std::array<size_t, 7> kChannels = {1, 0, 3, 0, 2, 0, 4};  // 3: a palette
  if (colours >= static_cast<int>(kChannels.size())) return false;
  png.channels = kChannels[static_cast<size_t>(colours)];
  const bool has_size = png.width > 0 && png.height > 0 && png.width <= kLongestSide &&
                        png.height <= kLongestSide &&
                        png.width * png.height <= static_cast<uint64_t>(kMostPixels);
  return png.channels > 0 && has_size;
}

// Whether a chunk before the pixels changes them, or nobody knows what it does.
bool is_in_the_way(std::string_view type, const PlainPng& png, const Decoding& decoding) {
  const bool has_gamma = type == "gAMA" || type == "sRGB" || type == "iCCP";
  return type == "tRNS" || type == "eXIf" || (type[0] & 0x20) == 0 ||
         (has_gamma && decoding.luma && png.channels >= 3);
}

// False for all that is not a plain picture without a fault.
bool read_plain_chunks(std::span<const std::byte> file, PlainPng& png, const Decoding& decoding) {
  std::span<const std::byte> left = file.subspan(kPngSignature);
  std::string_view before;
  while (left.size() >= kPngChunkFrame) {
    const uint64_t length = big_endian(left);
    if (length > left.size() - kPngChunkFrame) return false;
    const auto named = left.subspan(4, 4 + length);
    const auto data = named.subspan(4);
    const std::string_view type(reinterpret_cast<const char*>(named.data()), 4);
    const uint32_t checksum = big_endian(left.subspan(8 + length));
    if (libdeflate_crc32(0, named.data(), named.size()) != checksum) return false;
    if (before.empty()) {
      if (type != "IHDR" || !read_plain_header(data, png)) return false;
    } else if (type == "IDAT") {
      if (!png.parts.empty() && before != "IDAT") return false;
      png.parts.push_back(data);
    } else if (type == "IEND") {
      return length == 0 && !png.parts.empty();
    } else if (is_in_the_way(type, png, decoding)) {
      return false;
    }
    before = type;
    left = left.subspan(kPngChunkFrame + length);
  }
  return false;
}

// The stream in one piece, in `room` if it comes in several.
std::span<const std::byte> joined(const PlainPng& png, std::vector<std::byte>& room) {
  if (png.parts.size() == 1) return png.parts[0];
  for (const std::span<const std::byte> part : png.parts) {
    room.insert(room.end(), part.begin(), part.end());
  }
  return room;
}

// The prediction by the nearest of left, above and their corner.
int paeth(int left, int above, int corner) {
  const int to_left = std::abs(above - corner);
  const int to_above = std::abs(left - corner);
  const int to_corner = std::abs(left + above - 2 * corner);
  const int nearest = to_above <= to_corner ? above : corner;
  return to_left <= to_above && to_left <= to_corner ? left : nearest;
}

// One row of pixels from its differences; false for a filter that there is not.
template <size_t kChannels>
bool unfilter(uint8_t filter, const uint8_t* from, const uint8_t* above, uint8_t* to,
              size_t row_bytes) {
  const auto predicted = [&](auto predict) {
    std::array<int, kChannels> left{}, corner{};
    for (size_t i = 0; i < row_bytes; i += kChannels) {
      for (size_t channel = 0; channel < kChannels; ++channel) {
        const int up = above[i + channel];
        const int value = (from[i + channel] + predict(left[channel], up, corner[channel])) & 0xFF;
        to[i + channel] = static_cast<uint8_t>(value);
        left[channel] = value;
        corner[channel] = up;
      }
    }
  };
  switch (filter) {
    case 0:
      std::memcpy(to, from, row_bytes);
      return true;
    case 1:
      predicted([](int left, int, int) { return left; });
      return true;
    case 2:
      for (size_t i = 0; i < row_bytes; ++i) to[i] = static_cast<uint8_t>(from[i] + above[i]);
      return true;
    case 3:
      predicted([](int left, int up, int) { return (left + up) / 2; });
      return true;
    case 4:
      predicted(paeth);
      return true;
    default:
      return false;
  }
}

template <size_t kChannels>
bool unfilter_rows(const PlainPng& png, const uint8_t* raw, uint8_t* pixels) {
  const auto row_bytes = static_cast<size_t>(png.row_bytes());
  const std::vector<uint8_t> nothing(row_bytes);
  const uint8_t* above = nothing.data();
  for (uint64_t y = 0; y < png.height; ++y) {
    if (!unfilter<kChannels>(raw[0], raw + 1, above, pixels, row_bytes)) return false;
    above = pixels;
    pixels += row_bytes;
    raw += row_bytes + 1;
  }
  return true;
}

bool unfilter_all(const PlainPng& png, const uint8_t* raw, uint8_t* pixels) {
  switch (png.channels) {
    case 1:
      return unfilter_rows<1>(png, raw, pixels);
    case 2:
      return unfilter_rows<2>(png, raw, pixels);
    case 3:
      return unfilter_rows<3>(png, raw, pixels);
    default:
      return unfilter_rows<4>(png, raw, pixels);
  }
}

struct FreePngDecompressor {
  void operator()(libdeflate_decompressor* each) const { libdeflate_free_decompressor(each); }
};

}  // namespace

std::optional<Tensor> read_plain_png(std::span<const std::byte> file, const Decoding& decoding) {
  PlainPng png;
  if (!read_plain_chunks(file, png, decoding)) return std::nullopt;
  std::vector<std::byte> room;
  const std::span<const std::byte> packed = joined(png, room);
  if (png.raw_bytes() / kBestPacking > packed.size()) return std::nullopt;
  const std::unique_ptr<libdeflate_decompressor, FreePngDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) return std::nullopt;
  const auto raw_size = static_cast<size_t>(png.raw_bytes());
  const auto raw = std::make_unique_for_overwrite<uint8_t[]>(raw_size);
  if (libdeflate_zlib_decompress(decompressor.get(), packed.data(), packed.size(), raw.get(),
                                 raw_size, nullptr) != LIBDEFLATE_SUCCESS) {
    return std::nullopt;
  }
  Tensor pixels = Tensor::unset({static_cast<int64_t>(png.height), static_cast<int64_t>(png.width),
                                 static_cast<int64_t>(png.channels)},
                                DType::uint8);
  if (!unfilter_all(png, raw.get(), pixels.span<uint8_t>().data())) return std::nullopt;
  return pixels;
}

}  // namespace cornu::inline v0::formats
