#pragma once

#include <cstdint>

#include "cornu/core/export.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// Numbers of rows and columns at the edges of an image.
struct Edges {
  int64_t top = 0, bottom = 0, left = 0, right = 0;
  Edges() = default;
  /// The same number at each edge.
  Edges(int64_t all) : Edges(all, all) {}  // NOLINT: converts on purpose
  /// One number above and below, one on the left and on the right.
  Edges(int64_t rows, int64_t cols) : Edges(rows, rows, cols, cols) {}
  Edges(int64_t top_, int64_t bottom_, int64_t left_, int64_t right_)
      : top(top_), bottom(bottom_), left(left_), right(right_) {}
  friend bool operator==(const Edges&, const Edges&) = default;
};
/// [[top, bottom], [left, right]], as Keras writes it.
CORNU_API Value to_value(const Edges& x);
/// From that, from a number, or from two for the rows and the columns. Error for anything else.
CORNU_API void from_value(const Value& value, Edges& x);

}  // namespace cornu::inline v0
