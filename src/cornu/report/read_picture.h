#pragma once

#include <cstdint>
#include <string>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// The pixels of a .png file as uint8: (height, width) grey, by the weights of ITU-R BT.601, for
/// one channel, (height, width, 3) red, green and blue for three. Transparent parts show white.
/// Error for another file, a damaged one, and one of more than 2²⁶ pixels.
CORNU_API Tensor read_picture(const std::string& path, int64_t channels);

}  // namespace cornu::inline v0
