#pragma once

#include <cstddef>
#include <span>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// The index of the first number that is NaN or infinite; the size if all are finite. As fast as
/// memory.
CORNU_API size_t first_not_finite(std::span<const float> numbers);

}  // namespace cornu::inline v0
