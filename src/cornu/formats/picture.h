#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0::formats {

/// The most pixels of a picture, and the most on a side.
inline constexpr int64_t kMostPixels = int64_t{1} << 26;
inline constexpr int64_t kLongestSide = 65'535;

/// A picture as its file has it.
struct Picture {
  /// uint8 (height, width, channels): 1 grey, 2 grey and opacity, 3 red, green, blue, 4 these and
  /// opacity.
  Tensor pixels;
  /// What was done to get there, in words: "16 bits divided by 257".
  std::vector<std::string> changes = {};

  int64_t height() const { return pixels.shape()[0]; }
  int64_t width() const { return pixels.shape()[1]; }
  int64_t channels() const { return pixels.shape()[2]; }
};

/// What the first bytes of a picture's file say, turned upright.
struct PictureSize {
  int64_t height = 0, width = 0;
  bool has_colours = false;
};

/// The size of a PNG or a JPEG file, without its pixels. Error as for read_picture_file.
CORNU_API PictureSize picture_size(std::span<const std::byte> file, const std::string& where);

/// Decodes a PNG or a JPEG file, told by its first bytes, and turns it as its EXIF orientation
/// says. Palettes become colours, fewer than 8 bits are widened, 16 bits divided by 257 with
/// rounding; profiles and gamma are ignored. `where` names the file in errors. Error for another
/// format, which is named, for a damaged file, and for one of more than kMostPixels pixels.
CORNU_API Picture read_picture_file(std::span<const std::byte> file, const std::string& where);

/// The same picture on a background of `background` in each channel, without opacity, in 1 channel
/// (grey by the weights of ITU-R BT.601: 0.299, 0.587, 0.114) or 3: uint8 (height, width,
/// channels).
CORNU_API Tensor on_background(Picture picture, int64_t channels, uint8_t background);

/// The pixels that TensorFlow's decode_image has, and Keras trains on, turned upright: uint8
/// (height, width, channels) in 1 channel (grey), 3, or 4 (these and opacity). Opacity that is not
/// asked for is left out, of 16 bits the upper 8 are taken, colours with a gamma become grey as
/// light does, and JPEG is decoded by its quicker transform. Errors as above.
CORNU_API Tensor decode_picture(std::span<const std::byte> file, const std::string& where,
                                int64_t channels);

/// The background on which what is drawn in the opaque parts of a picture stands out: 0 behind what
/// is light, 255 behind what is dark, and for a picture without opacity.
CORNU_API uint8_t contrasting_background(const Picture& picture);

}  // namespace cornu::inline v0::formats
