#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/tensor.h"

namespace cornu::inline v0::formats {

/// An IDX file's array (MNIST's format: big-endian magic 0x0000TTNN, NN extents, then data).
/// Its elements are uint8, int32, float32 or float64; int8 and int16 become int32. `where` names
/// the file in errors: wrong magic, extents that overflow, more or fewer bytes than the extents
/// say.
CORNU_API Tensor read_idx(std::span<const std::byte> bytes, const std::string& where);

/// The same, of bytes without a copy when the block begins kIdxLead bytes after a multiple of 64.
CORNU_API Tensor read_idx(Block bytes, const std::string& where);

/// With this lead, the header of three axes, as images have, ends at a multiple of 64 bytes.
inline constexpr size_t kIdxLead = Block::kAlignment - 16;

/// The IDX bytes of a uint8 tensor.
CORNU_API std::vector<std::byte> write_idx(TensorView tensor);

}  // namespace cornu::inline v0::formats
