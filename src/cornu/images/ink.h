#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/core/tensor.h"

namespace cornu::inline v0::images {

/// What is drawn in a picture, without the paper that it is drawn on.
struct Ink {
  int64_t height = 0, width = 0;
  std::vector<uint8_t> depth;  ///< how far each pixel is from the paper around it
  bool is_dark = false;        ///< darker than the paper
  /// The depth above which a pixel surely is ink (Otsu, "A threshold selection method from
  /// gray-level histograms", 1979), and the one below which it surely is paper.
  int certain = 0, least = 0;
  /// The depth above which neighbours are one stroke: JPEG leaves a faint pattern between strokes.
  int joint = 0;
  int peak = 0;  ///< of the deepest ink, a few pixels left out

  uint8_t at(int64_t y, int64_t x) const { return depth[static_cast<size_t>(y * width + x)]; }
};

/// The ink of a picture uint8 (height, width). The border tells whether the paper is light or dark;
/// what changes slowly over the picture is light and shadow on the paper.
Ink ink_of(TensorView grey);

}  // namespace cornu::inline v0::images
