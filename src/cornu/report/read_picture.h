#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// The pixels of a .png or .jpg file, upright as its EXIF data say, as uint8: (height, width) grey,
/// by the weights of ITU-R BT.601, for one channel, (height, width, 3) red, green and blue for
/// three. Transparent parts show white. Error for another file, a damaged one, and one of more than
/// 2²⁶ pixels.
CORNU_API Tensor read_picture(const std::string& path, int64_t channels);
/// The same of the bytes of a file, which `where` names in errors.
CORNU_API Tensor read_picture(std::span<const std::byte> file, int64_t channels,
                              const std::string& where);

}  // namespace cornu::inline v0
