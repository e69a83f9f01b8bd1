#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// A file of a tar archive.
struct TarFile {
  std::string name;  ///< "folder/file"
  std::span<const std::byte> bytes;
};

/// The regular files of a tar archive, in its order; they view its bytes. Reads ustar (POSIX
/// 1003.1), the form before it and GNU's with names of at most 100 bytes; links, devices, sparse
/// files and additional headers are an Error (unsupported), a wrong header or a cut archive one
/// too (corrupt). `where` names the archive.
CORNU_API std::vector<TarFile> read_tar(std::span<const std::byte> bytes, const std::string& where);

}  // namespace cornu::inline v0::formats
