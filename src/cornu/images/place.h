#pragma once

#include <cstdint>
#include <span>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0::images {

/// What becomes of a picture's shape in a place of another one: it is stretched, or its middle
/// fills the place, or all of it stands in the middle of zeros.
enum class Filling { stretched, cropped, padded };

/// From which stored pixels a new one is made: the four around it, or the nearest.
enum class Interpolation { bilinear, nearest };

/// The size that pictures are brought to, and how.
struct Place {
  int64_t height = 256, width = 256;
  Interpolation interpolation = Interpolation::bilinear;
  Filling filling = Filling::stretched;
};

/// A picture uint8 (height, width, channels) at another size as float32 in `to`, by the arithmetic
/// of tf.image.resize without antialiasing, which Keras reads folders of pictures with: a pixel of
/// a smaller picture is made of four stored ones, however many lie between, where `resized` takes
/// all. The same on every machine. Error for sizes below 1, and for a `to` of another length.
CORNU_API void put(TensorView picture, const Place& place, std::span<float> to);

}  // namespace cornu::inline v0::images
