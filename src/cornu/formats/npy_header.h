#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "cornu/core/dtype.h"
#include "cornu/core/shape.h"

namespace cornu::inline v0::formats {

/// What stands before the elements of an NPY file.
struct NpyHeader {
  DType dtype = DType::float32;
  Shape shape = {};
  bool is_big_endian = false;
  bool is_fortran = false;  ///< the first index changes fastest
  size_t size = 0;          ///< bytes of it; the elements follow
};

/// Error unless it is a header of version 1, 2 or 3 for elements that a Tensor can have.
NpyHeader read_npy_header(std::span<const std::byte> bytes, const std::string& where);

/// The header that numpy.save writes.
std::string npy_header(const Shape& shape, DType dtype);

}  // namespace cornu::inline v0::formats
