#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0::formats {

/// The orientation in EXIF metadata (CIPA DC-008, tag 0x0112): a TIFF header and its first
/// directory. 1, which is upright, if there is none or the metadata are damaged.
CORNU_API int exif_orientation(std::span<const std::byte> tiff);

/// The pixels (height, width, channels) of a picture stored in this orientation, upright:
/// 2 mirrored, 3 half a turn, 4 flipped, 5 transposed, 6 a quarter to the right is missing,
/// 7 transposed along the other diagonal, 8 a quarter to the left is missing.
CORNU_API Tensor upright(Tensor pixels, int orientation);

}  // namespace cornu::inline v0::formats
