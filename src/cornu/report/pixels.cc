#include <cairo.h>

#include <algorithm>
#include <cmath>

#include "cornu/core/error.h"
#include "cornu/report/pixels_internal.h"

namespace cornu::inline v0 {
namespace {

uint8_t byte_of(double value) {
  // The first comparison is false for NaN.
  return value > 0 ? static_cast<uint8_t>(std::lround(std::min(value, 1.0) * 255)) : uint8_t{0};
}

// Cairo's pixel: 0x00RRGGBB in the machine's own order.
void paint(const PlacedPixels& placed, unsigned char* canvas, int64_t stride) {
  const Pixels& image = *placed.image;
  for (int64_t y = 0; y < image.height * placed.factor; ++y) {
    auto* row = reinterpret_cast<uint32_t*>(canvas + (placed.y + y) * stride) + placed.x;
    for (int64_t x = 0; x < image.width * placed.factor; ++x) {
      uint32_t rgb = 0;
      for (int64_t channel = 0; channel < 3; ++channel) {
        rgb = rgb << 8 | image.at(y / placed.factor, x / placed.factor, channel);
      }
      row[x] = rgb;
    }
  }
}

}  // namespace

void draw_pixels(cairo_t* cr, int64_t width, int64_t height, std::span<const PlacedPixels> images) {
  cairo_surface_t* canvas = cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width),
                                                       static_cast<int>(height));
  if (cairo_surface_status(canvas) == CAIRO_STATUS_SUCCESS) {
    unsigned char* bytes = cairo_image_surface_get_data(canvas);
    const int64_t stride = cairo_image_surface_get_stride(canvas);
    std::fill_n(bytes, stride * height, uint8_t{255});
    for (const PlacedPixels& each : images) paint(each, bytes, stride);
    cairo_surface_mark_dirty(canvas);
  }
  // A surface that could not be made puts its error into the context.
  cairo_set_source_surface(cr, canvas, 0, 0);
  cairo_paint(cr);
  cairo_surface_destroy(canvas);
}

double Pixels::gray(int64_t y, int64_t x) const {
  if (channels == 1) return at(y, x, 0);
  return 0.299 * at(y, x, 0) + 0.587 * at(y, x, 1) + 0.114 * at(y, x, 2);
}

Pixels pixels_of(TensorView image, const std::string& where) {
  const Shape& shape = image.shape();
  const int ndim = shape.ndim();
  const bool fits = ndim == 2 || (ndim == 3 && (shape[2] == 1 || shape[2] == 3));
  if (!fits || image.size() == 0) {
    throw Error({.where = where,
                 .expected = "images of shape (h, w), (h, w, 1) or (h, w, 3)",
                 .found = shape.str()});
  }
  Pixels pixels{shape[0], shape[1], ndim == 3 ? shape[2] : 1, {}};
  if (image.dtype() == DType::uint8) {
    const auto bytes = image.span<uint8_t>();
    pixels.values.assign(bytes.begin(), bytes.end());
    return pixels;
  }
  if (image.dtype() != DType::float32 && image.dtype() != DType::float64) {
    throw Error({.where = where,
                 .expected = "uint8 images, or floats from 0 to 1",
                 .found = std::string(name(image.dtype()))});
  }
  pixels.values.reserve(static_cast<size_t>(image.size()));
  for (int64_t i = 0; i < image.size(); ++i) pixels.values.push_back(byte_of(image.at(i)));
  return pixels;
}

}  // namespace cornu::inline v0
