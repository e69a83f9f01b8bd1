#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// A weight as grey pictures of one size, PNG files.
struct WeightImages {
  int64_t width = 0, height = 0;
  std::vector<std::string> pngs;
};

/// A float32 weight as Keras's TensorBoard draws it, axes of extent 1 left out: a vector (n,) as a
/// column of n pixels; a matrix (m, n) lying, its longer axis across; (h, w, c) as pictures of each
/// channel, the first three. 0 is black and 1 white; values outside are clipped, NaN is black. None
/// for a scalar, for more axes and for more than 32767 pixels per side.
CORNU_API WeightImages weight_images(TensorView weight);

}  // namespace cornu::inline v0
