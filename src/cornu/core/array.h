#pragma once

#include <cstdint>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// Indices (int64) of the largest values along `axis`, which is removed; negative axes count from
/// the end. Of equal values the first counts, and NaN is larger than any number, as in NumPy. Error
/// when there is no such axis or it is empty.
CORNU_API Tensor argmax(TensorView values, int axis = -1);

/// The largest values along `axis`, which is removed; NaN where there is one. Errors as argmax.
CORNU_API Tensor max(TensorView values, int axis = -1);

/// Values rounded to `decimals` digits after the point, halves to even, as numpy.round does:
/// rint(x · 10^decimals) / 10^decimals in the values' own type. Integers are unchanged; Error
/// for integers and negative `decimals`.
CORNU_API Tensor round(TensorView values, int decimals = 0);

struct TopK {
  /// Positions along the last axis, int64.
  Tensor indices;
  /// The values there, of the input's dtype.
  Tensor values;
};

/// The k largest along the last axis, largest first; of equal values the lower index first, NaN
/// last: argsort(-values)[..., :k]. (…, n) → (…, k). Error when k is not within 0 … n.
CORNU_API TopK top_k(TensorView values, int64_t k);

/// Labels as one-hot rows, float32: (n) or (n, 1) → (n, classes). Error naming the first label
/// that is not a whole number within 0 … classes - 1.
CORNU_API Tensor to_categorical(TensorView labels, int64_t classes);

}  // namespace cornu::inline v0
