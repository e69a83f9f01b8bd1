#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "cornu/core/block.h"
#include "cornu/core/export.h"
#include "cornu/core/parts.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0::formats {

/// An array as numpy.save writes it, of version 1, 2 or 3 of the format: uint8, int32, int64,
/// float32, float64 in either byte order, row-major or Fortran's order, which becomes row-major;
/// bool becomes uint8. Other dtypes are refused by name. `where` names the file in errors.
CORNU_API Tensor read_npy(std::span<const std::byte> bytes, const std::string& where);

/// The same, without a copy of a row-major array whose elements begin at a multiple of 64, as those
/// of numpy.save do in a block that begins at one.
CORNU_API Tensor read_npy(Block bytes, const std::string& where);

/// The bytes that numpy.save writes, which view the elements: version 1, little-endian, row-major.
CORNU_API Parts npy_parts(TensorView tensor);
/// The same in one piece.
CORNU_API Block write_npy(TensorView tensor);

}  // namespace cornu::inline v0::formats
