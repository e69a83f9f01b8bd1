#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/tensor.h"

// Cairo's drawing context.
typedef struct _cairo cairo_t;

namespace cornu::inline v0 {

/// One image as bytes, row by row: one value per pixel for grey, red, green and blue for colour.
struct Pixels {
  int64_t height = 0, width = 0, channels = 1;
  std::vector<uint8_t> values;

  uint8_t at(int64_t y, int64_t x, int64_t channel) const {
    const int64_t offset = channels == 1 ? 0 : channel;
    return values[static_cast<size_t>((y * width + x) * channels + offset)];
  }
  /// Brightness 0 … 255; of a colour, by the weights of ITU-R BT.601.
  double gray(int64_t y, int64_t x) const;
};

/// The pixels of an image (h, w), (h, w, 1) or (h, w, 3): uint8 as it is, floats from 0 … 1 (values
/// outside are clipped, NaN is black). Error, which begins with `where`, for any other tensor.
Pixels pixels_of(TensorView image, const std::string& where);

/// An image in a picture: its upper left corner, and the pixels per side that one of its own takes.
struct PlacedPixels {
  const Pixels* image;
  int64_t x, y, factor;
};

/// Draws images into a picture of width × height pixels, which is white elsewhere. They are
/// enlarged here and not by cairo, so that every viewer of an SVG shows square pixels.
void draw_pixels(cairo_t* cr, int64_t width, int64_t height, std::span<const PlacedPixels> images);

}  // namespace cornu::inline v0
