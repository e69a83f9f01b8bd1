#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/core/tensor.h"

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

}  // namespace cornu::inline v0
