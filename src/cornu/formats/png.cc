#include "cornu/formats/png.h"

#include <cairo.h>

#include <cstring>
#include <memory>
#include <new>

#include "cornu/core/error.h"

namespace cornu::inline v0::formats {
namespace {

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};

cairo_status_t append_png(void* text, const unsigned char* data, unsigned int size) {
  try {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(data), size);
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
  return CAIRO_STATUS_SUCCESS;
}

void check_png(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw Error({.kind = ErrorKind::io,
               .where = "PNG",
               .what = "cannot be made: " + std::string(cairo_status_to_string(status))});
}

}  // namespace

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
  const std::unique_ptr<cairo_surface_t, DestroySurface> surface(cairo_image_surface_create(
      CAIRO_FORMAT_A8, static_cast<int>(width), static_cast<int>(height)));
  check_png(cairo_surface_status(surface.get()));
  unsigned char* rows = cairo_image_surface_get_data(surface.get());
  const int64_t stride = cairo_image_surface_get_stride(surface.get());
  for (int64_t y = 0; y < height; ++y) {
    std::memcpy(rows + y * stride, pixels.data() + y * width, static_cast<size_t>(width));
  }
  cairo_surface_mark_dirty(surface.get());
  std::string bytes;
  check_png(cairo_surface_write_to_png_stream(surface.get(), append_png, &bytes));
  return bytes;
}

}  // namespace cornu::inline v0::formats
