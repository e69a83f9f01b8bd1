#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// How arrays are printed: names and defaults are those of numpy.set_printoptions.
struct PrintOptions {
  /// Largest number of digits after the point; fewer are printed where fewer distinguish the
  /// values.
  int precision = 8;
  /// Arrays with more elements are summarized by `...`.
  int64_t threshold = 1000;
  /// Elements shown at each end of a summarized axis, at least 1.
  int64_t edgeitems = 3;
  int64_t linewidth = 75;  ///< characters after which a line is broken
};

/// The text of str(a) in NumPy 2: `[[0.   0.25]\n [1.   0.5 ]]`.
CORNU_API std::string to_string(TensorView values, const PrintOptions& options = {});

/// The text of repr(a) in NumPy 2: `array([5, 0, 4], dtype=uint8)`; the dtypes int64 and float64
/// are not printed.
CORNU_API std::string repr(TensorView values, const PrintOptions& options = {});

/// Writes to_string(values).
CORNU_API std::ostream& operator<<(std::ostream& out, const TensorView& values);

}  // namespace cornu::inline v0
