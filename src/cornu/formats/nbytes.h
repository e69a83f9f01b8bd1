#pragma once

#include <cstdint>
#include <optional>

#include "cornu/core/dtype.h"
#include "cornu/core/shape.h"

namespace cornu::inline v0::formats {

/// Bytes of a tensor of that shape, which a file states; nothing if any part of it overflows.
std::optional<int64_t> checked_nbytes(const Shape& shape, DType dtype);

}  // namespace cornu::inline v0::formats
