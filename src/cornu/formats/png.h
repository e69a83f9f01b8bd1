#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// The largest width and height of a picture, in pixels.
inline constexpr int64_t kLargestPng = 32767;

/// The bytes of a PNG file: a grey picture of width × height bytes, row by row, 0 black. Error for
/// another number of pixels, and for a picture that is empty or too large.
CORNU_API std::string write_gray_png(int64_t width, int64_t height,
                                     std::span<const uint8_t> pixels);
/// The same in colours, three bytes per pixel: red, green and blue.
CORNU_API std::string write_rgb_png(int64_t width, int64_t height, std::span<const uint8_t> pixels);

}  // namespace cornu::inline v0::formats
