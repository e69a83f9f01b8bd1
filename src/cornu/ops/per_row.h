#pragma once

// The shape of a loss's values: one for every line along the last axis.

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

/// (None, …, classes) -> (None, …).
inline Output per_row(const Builder& b, SlotId values) {
  const Shape& shape = b.slot(values).shape;
  return {Shape(shape.extents().first(static_cast<size_t>(shape.ndim() - 1))), b.real()};
}

/// The same for predictions and targets, which must have the same shape. Error if they differ.
inline Output per_row(const Builder& b, SlotId y_pred, SlotId y_true) {
  const Shape& shape = b.slot(y_pred).shape;
  if (!(shape == b.slot(y_true).shape)) {
    throw Error({.where = b.scope_name(),
                 .what = "targets and outputs differ in shape",
                 .expected = shape.str(),
                 .found = b.slot(y_true).shape.str()});
  }
  return per_row(b, y_pred);
}

}  // namespace cornu::inline v0::ops
