#include "cornu/report/read_picture.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "cornu/core/error.h"
#include "cornu/core/file.h"

namespace cornu::inline v0 {
namespace {

constexpr uint64_t kLargestPictureFile = uint64_t{256} << 20;
constexpr uint64_t kMostPixels = uint64_t{1} << 26;

[[noreturn]] void refuse_picture(const std::string& path, const std::string& expected,
                                 const std::string& found) {
  throw Error({.kind = ErrorKind::corrupt, .where = path, .expected = expected, .found = found});
}

// Before anything of its size is made: width and height stand in the first chunk, big-endian.
void check_size(std::span<const std::byte> file, const std::string& path) {
  constexpr std::string_view kBegin = "\x89PNG\r\n\x1a\n";
  constexpr size_t kHeader = 24;
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (!text.starts_with(kBegin)) refuse_picture(path, "a .png picture", "another file");
  if (text.size() < kHeader) refuse_picture(path, "a whole .png picture", "the begin of one");
  const auto number = [&text](size_t at) {
    uint64_t value = 0;
    for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(text[at + i]);
    return value;
  };
  const uint64_t width = number(16);
  const uint64_t height = number(20);
  if (width <= kMostPixels && height <= kMostPixels && width * height <= kMostPixels) return;
  refuse_picture(path, "at most " + std::to_string(kMostPixels) + " pixels",
                 std::to_string(width) + " × " + std::to_string(height));
}

cairo_status_t take_bytes(void* from, unsigned char* to, unsigned size) {
  auto& left = *static_cast<std::span<const std::byte>*>(from);
  if (size > left.size()) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(to, left.data(), size);
  left = left.subspan(size);
  return CAIRO_STATUS_SUCCESS;
}

// Red, green and blue on white; Cairo's pixels are 0xAARRGGBB, the colours multiplied by A / 255.
void show_on_white(uint32_t pixel, bool has_alpha, uint8_t* rgb) {
  const uint32_t white = has_alpha ? 255 - (pixel >> 24) : 0;
  for (int channel = 0; channel < 3; ++channel) {
    const uint32_t colour = (pixel >> (16 - 8 * channel) & 0xFF) + white;
    rgb[channel] = static_cast<uint8_t>(colour > 255 ? 255 : colour);
  }
}

uint8_t gray_of(const uint8_t* rgb) {
  return static_cast<uint8_t>(std::lround(0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]));
}

}  // namespace

Tensor read_picture(const std::string& path, int64_t channels) {
  return read_picture(read_file(path, kLargestPictureFile), channels, path);
}

Tensor read_picture(std::span<const std::byte> file, int64_t channels, const std::string& where) {
  if (channels != 1 && channels != 3) {
    throw Error({.where = where,
                 .expected = "1 or 3 channels of a picture",
                 .found = std::to_string(channels)});
  }
  check_size(file, where);
  std::span<const std::byte> left = file;
  const std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface(
      cairo_image_surface_create_from_png_stream(take_bytes, &left), cairo_surface_destroy);
  const cairo_status_t status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    refuse_picture(where, "a whole .png picture", cairo_status_to_string(status));
  }
  const cairo_format_t format = cairo_image_surface_get_format(surface.get());
  if (format != CAIRO_FORMAT_ARGB32 && format != CAIRO_FORMAT_RGB24) {
    refuse_picture(where, "grey or coloured pixels of 8 bits", "another kind");
  }
  const int64_t height = cairo_image_surface_get_height(surface.get());
  const int64_t width = cairo_image_surface_get_width(surface.get());
  const unsigned char* const bytes = cairo_image_surface_get_data(surface.get());
  const int64_t stride = cairo_image_surface_get_stride(surface.get());
  Tensor picture(channels == 1 ? Shape{height, width} : Shape{height, width, 3}, DType::uint8);
  uint8_t* to = picture.span<uint8_t>().data();
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      uint32_t pixel = 0;
      std::memcpy(&pixel, bytes + y * stride + 4 * x, sizeof pixel);
      uint8_t rgb[3];
      show_on_white(pixel, format == CAIRO_FORMAT_ARGB32, rgb);
      if (channels == 1) {
        *to++ = gray_of(rgb);
      } else {
        to = std::copy_n(rgb, 3, to);
      }
    }
  }
  return picture;
}

}  // namespace cornu::inline v0
