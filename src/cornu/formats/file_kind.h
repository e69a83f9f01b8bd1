#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace cornu::inline v0::formats {

/// A kind of file that others write, and what can be done with it here.
struct FileKind {
  std::string name;       ///< "an HDF5 file, as Keras writes .h5"; empty: none that is known
  std::string hint = {};  ///< what to do instead
};

inline constexpr const char* kJsonText = "JSON text";

/// What kind of model file, or file of tensors, another program wrote, by its first bytes. Nothing
/// that may be safetensors is taken for another.
FileKind foreign_kind(std::span<const std::byte> bytes);

}  // namespace cornu::inline v0::formats
