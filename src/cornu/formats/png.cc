#include "cornu/formats/png.h"

#include <cairo.h>

#include <cstring>

#include "cornu/core/error.h"
#include "cornu/formats/cairo_internal.h"

namespace cornu::inline v0::formats {
std::string write_gray_png(int64_t width, int64_t height, std::span<const uint8_t> pixels) {
  const bool fits = width > 0 && height > 0 && width <= kLargestPng && height <= kLargestPng &&
                    static_cast<uint64_t>(width * height) == pixels.size();
  if (!fits) {
    throw Error({.where = "PNG",
                 .expected = "1 to 32767 pixels per side, one byte per pixel",
                 .found = std::to_string(width) + " × " + std::to_string(height) + ", " +
                          std::to_string(pixels.size()) + " bytes"});
  }
  // Cairo writes a surface of alpha alone as a grey picture.
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_A8, static_cast<int>(width),
                                                   static_cast<int>(height)));
  check_cairo(cairo_surface_status(surface.get()), "PNG");
  unsigned char* rows = cairo_image_surface_get_data(surface.get());
  const int64_t stride = cairo_image_surface_get_stride(surface.get());
  for (int64_t y = 0; y < height; ++y) {
    std::memcpy(rows + y * stride, pixels.data() + y * width, static_cast<size_t>(width));
  }
  cairo_surface_mark_dirty(surface.get());
  return png_of(surface.get(), "PNG");
}

}  // namespace cornu::inline v0::formats
