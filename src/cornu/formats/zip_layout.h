#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/byte_source.h"

namespace cornu::inline v0::formats {

// Records of a ZIP archive (PKWARE's APPNOTE, 4.3): how they begin, and their sizes without names
// and extra fields.
inline constexpr uint32_t kZipLocal = 0x04034b50;
inline constexpr uint32_t kZipCentral = 0x02014b50;
inline constexpr uint32_t kZipEnd = 0x06054b50;
inline constexpr uint32_t kZip64Locator = 0x07064b50;
inline constexpr size_t kZipLocalSize = 30;
inline constexpr size_t kZipCentralSize = 46;
inline constexpr size_t kZipEndSize = 22;
inline constexpr size_t kZip64LocatorSize = 20;
inline constexpr size_t kZipMostMembers = 16'384;

/// Where a member lies in an archive.
struct ZipPlace {
  std::string_view name;  ///< in the memory of the archive's source
  uint64_t offset, size;  ///< of its data as they lie there, maybe compressed
};

/// The places of all members, in the order of the directory. Error unless the archive ends with its
/// directory and its members lie before that, side by side, each behind a header with its name; and
/// for names that are no plain relative paths in UTF-8 or occur twice. Reads no data.
std::vector<ZipPlace> zip_layout(ByteSource& file, const std::string& where);

/// What is wrong with a member's name, as the end of a sentence; empty: nothing.
std::string zip_name_fault(std::string_view name);

}  // namespace cornu::inline v0::formats
