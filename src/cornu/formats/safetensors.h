#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/byte_source.h"
#include "cornu/core/parts.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0::formats {

/// The content of a safetensors file: tensors by name, in the file's order of data, and a map of
/// strings under "__metadata__".
struct Safetensors {
  std::vector<std::pair<std::string, Tensor>> tensors;
  std::vector<std::pair<std::string, std::string>> metadata;

  /// The tensor of that name, or nullptr.
  CORNU_API const Tensor* find(std::string_view name) const;
};

/// Reads U8, I32, I64, F32 and F64; other dtypes are an Error that names them. Checks all rules of
/// the format: header length, one JSON object, no duplicate, gap or overlap, sizes that match,
/// nothing after the end. `where` names the file in errors.
CORNU_API Safetensors read_safetensors(ByteSource& source, const std::string& where);
CORNU_API Safetensors read_safetensors(std::span<const std::byte> bytes, const std::string& where);

/// The file's bytes, which view the tensors, in the order given, data aligned to 8 bytes.
CORNU_API Parts safetensors_parts(const std::vector<std::pair<std::string, Tensor>>& tensors,
                                  const std::vector<std::pair<std::string, std::string>>& metadata);
/// The same in one piece.
CORNU_API std::vector<std::byte> write_safetensors(const Safetensors& file);

}  // namespace cornu::inline v0::formats
