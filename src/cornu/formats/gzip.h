#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// Whether the bytes begin as a gzip file does.
CORNU_API bool is_gzip(std::span<const std::byte> bytes);

/// The payload of a gzip file (RFC 1952), all members joined. Stops with an error once it would
/// pass `limit` bytes; a cut stream, a wrong checksum and trailing bytes are errors too.
CORNU_API std::vector<std::byte> gunzip(std::span<const std::byte> bytes, uint64_t limit,
                                        const std::string& where);

/// A gzip file with no name and no time in it, so the same bytes give the same file.
CORNU_API std::vector<std::byte> gzip(std::span<const std::byte> bytes);

}  // namespace cornu::inline v0::formats
