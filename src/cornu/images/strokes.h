#pragma once

#include <cstdint>
#include <vector>

#include "cornu/images/ink.h"

namespace cornu::inline v0::images {

/// Ink that hangs together, or parts of it that belong to one sign.
struct Stroke {
  int64_t left = 0, top = 0, right = 0, bottom = 0;  ///< right and bottom exclusive
  std::vector<int64_t> pixels = {};                  ///< their places, y · width + x

  int64_t width() const { return right - left; }
  int64_t height() const { return bottom - top; }
  void join(const Stroke& other);
};

/// Pixels of at least the least depth that touch, with corners, where some are certain ink.
std::vector<Stroke> strokes_of(const Ink& ink);

/// The signs that strokes make, without specks, ruled lines and frames: parts above each other, and
/// parts that nearly touch, are one. In lines from the top, each from the left.
std::vector<Stroke> signs_of(std::vector<Stroke> strokes, const Ink& ink);

}  // namespace cornu::inline v0::images
