#include "cornu/formats/png.h"

#include <libdeflate.h>

#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include "cornu/core/error.h"

namespace cornu::inline v0::formats {
namespace {

// The level that zlib has where none is asked for.
constexpr int kPngLevel = 6;

struct FreePngCompressor {
  void operator()(libdeflate_compressor* each) const { libdeflate_free_compressor(each); }
};

void append_big_endian(std::string& png, uint64_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) png += static_cast<char>(value >> shift);
}

// A chunk: length, type, data, and the CRC-32 of type and data.
void append_chunk(std::string& png, std::string_view type, std::string_view data) {
  append_big_endian(png, data.size());
  const size_t begin = png.size();
  png.append(type).append(data);
  append_big_endian(png, libdeflate_crc32(0, png.data() + begin, png.size() - begin));
}

std::string compressed(const std::string& rows) {
  const std::unique_ptr<libdeflate_compressor, FreePngCompressor> compressor(
      libdeflate_alloc_compressor(kPngLevel));
  if (!compressor) throw std::bad_alloc();
  std::string bytes(libdeflate_zlib_compress_bound(compressor.get(), rows.size()), '\0');
  bytes.resize(libdeflate_zlib_compress(compressor.get(), rows.data(), rows.size(), bytes.data(),
                                        bytes.size()));
  return bytes;
}

/// What a PNG calls the kind of its pixels.
enum class ColorType : char { gray = 0, rgb = 2 };

std::string write_png(int64_t width, int64_t height, ColorType color,
                      std::span<const uint8_t> pixels) {
  const int64_t channels = color == ColorType::rgb ? 3 : 1;
  const bool fits = width > 0 && height > 0 && width <= kLargestPng && height <= kLargestPng &&
                    static_cast<uint64_t>(width * height * channels) == pixels.size();
  if (!fits) {
    throw Error({.where = "PNG",
                 .expected = "1 to 32767 pixels per side, " +
                             std::string(channels == 3 ? "three bytes" : "one byte") + " per pixel",
                 .found = std::to_string(width) + " × " + std::to_string(height) + ", " +
                          std::to_string(pixels.size()) + " bytes"});
  }
  std::string header;
  append_big_endian(header, static_cast<uint64_t>(width));
  append_big_endian(header, static_cast<uint64_t>(height));
  // 8 bits per channel; deflate, filters by row, not interlaced.
  header += '\10';
  header += static_cast<char>(color);
  header.append(3, '\0');
  // Each row begins with its filter: 0, none.
  const auto row = static_cast<size_t>(width * channels);
  std::string rows(static_cast<size_t>(height) * (row + 1), '\0');
  for (size_t y = 0; y < static_cast<size_t>(height); ++y) {
    std::memcpy(rows.data() + y * (row + 1) + 1, pixels.data() + y * row, row);
  }
  std::string png = "\x89PNG\r\n\x1a\n";
  append_chunk(png, "IHDR", header);
  append_chunk(png, "IDAT", compressed(rows));
  append_chunk(png, "IEND", "");
  return png;
}

}  // namespace

std::string write_gray_png(int64_t width, int64_t height, std::span<const uint8_t> pixels) {
  return write_png(width, height, ColorType::gray, pixels);
}

std::string write_rgb_png(int64_t width, int64_t height, std::span<const uint8_t> pixels) {
  return write_png(width, height, ColorType::rgb, pixels);
}

}  // namespace cornu::inline v0::formats
