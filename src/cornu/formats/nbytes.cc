#include "cornu/formats/nbytes.h"

#include <cstddef>

namespace cornu::inline v0::formats {

std::optional<int64_t> checked_nbytes(const Shape& shape, DType dtype) {
  auto nbytes = static_cast<int64_t>(itemsize(dtype));
  bool empty = false;
  for (int64_t extent : shape.extents()) {
    empty = empty || extent == 0;
    if (extent > 0 && __builtin_mul_overflow(nbytes, extent, &nbytes)) return std::nullopt;
  }
  return empty ? 0 : nbytes;
}

}  // namespace cornu::inline v0::formats
