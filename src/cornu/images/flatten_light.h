#pragma once

#include <cstdint>
#include <vector>

namespace cornu::inline v0::images {

/// Evens out light that changes smoothly over a picture: fits a quadratic surface to the paper, by
/// least squares without what is far from it, and subtracts what the surface differs from its mean.
/// A picture in even light stays as it is.
void flatten_light(std::vector<uint8_t>& pixels, int64_t height, int64_t width);

}  // namespace cornu::inline v0::images
