#pragma once

#include <cstdint>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0::datasets {

/// What the numbers of an array are like.
struct ArrayStatistics {
  int64_t count = 0;       ///< of those that are finite
  int64_t not_finite = 0;  ///< NaN and infinite ones, which the rest leaves out
  double min = 0, max = 0, mean = 0;
  double standard_deviation = 0;  ///< as NumPy has it: the mean square's root
};

/// Of each of so many channels, which the last axis alternates between; of 1: of all elements.
CORNU_API std::vector<ArrayStatistics> array_statistics(TensorView array, int64_t channels = 1);

}  // namespace cornu::inline v0::datasets
