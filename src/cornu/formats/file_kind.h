#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// A kind of file that other programs write, with a hint for its user.
struct FileKind {
  std::string name;       ///< "an HDF5 file, as Keras writes .h5"; empty: unknown
  std::string hint = {};  ///< what to do instead
};

inline constexpr const char* kJsonText = "JSON text";
inline constexpr const char* kPicture = "a picture";
inline constexpr const char* kKerasArchive = "a .keras file";
inline constexpr const char* kNpzFile = "a NumPy .npz file";
inline constexpr const char* kParquetFile = "a Parquet file";
inline constexpr const char* kExcelFile = "an Excel workbook";

/// Recognizes a model file or a file of tensors of another program by its first bytes. A file that
/// may be safetensors has no foreign kind.
CORNU_API FileKind foreign_kind(std::span<const std::byte> bytes);

/// Whether these first bytes of a file have no other control characters than those of text.
CORNU_API bool begins_as_text(std::span<const std::byte> bytes);

}  // namespace cornu::inline v0::formats
