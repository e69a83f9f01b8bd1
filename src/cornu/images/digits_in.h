#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0::images {

/// A digit found in a picture, as a sample of MNIST is made: bright ink on black, scaled into a box
/// of 20 × 20 pixels with its proportions kept, and its centre of mass in the middle of 28 × 28
/// (LeCun, Cortes, Burges, "The MNIST database of handwritten digits", 1998).
struct FoundDigit {
  int64_t left = 0, top = 0, width = 0, height = 0;  ///< where, in pixels of the picture
  Tensor sample;                                     ///< uint8 (28, 28)
};

/// The digits of a picture, and what was done to find them, in words: "dark ink on light paper, so
/// inverted".
struct DigitsIn {
  std::vector<FoundDigit> digits;
  std::vector<std::string> steps;
};

/// Finds the digits in a picture uint8 (height, width): in lines from the top, in each line from
/// the left. Whatever the border of the picture is like is taken for paper; light that changes over
/// it is removed, specks are left out, parts that stand above each other belong together.
CORNU_API DigitsIn digits_in(TensorView grey);

}  // namespace cornu::inline v0::images
