#pragma once

#include <cstdint>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0::images {

/// A picture uint8 (height, width, channels) in another size. Each new pixel is the mean of the
/// stored ones around its place, weighted by a triangle that reaches as far as the next new pixel
/// where the picture shrinks, and the next stored one where it grows; the same on every machine.
/// Within 1 of Pillow's BILINEAR. Error for sizes below 1.
CORNU_API Tensor resized(TensorView picture, int64_t height, int64_t width);

}  // namespace cornu::inline v0::images
