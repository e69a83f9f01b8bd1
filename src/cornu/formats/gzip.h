#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// Whether the bytes begin as a gzip file does.
CORNU_API bool is_gzip(std::span<const std::byte> bytes);

/// Unpacks a gzip file (RFC 1952), all members joined, to the front of `room` and returns the
/// size of the payload. Error when that is larger than `room`; a cut stream, a wrong
/// checksum and trailing bytes are errors too. After an error the content of `room` is undefined.
CORNU_API size_t gunzip(std::span<const std::byte> bytes, std::span<std::byte> room,
                        const std::string& where);

/// A gzip file with no name and no time in it, so the same bytes give the same file.
CORNU_API std::vector<std::byte> gzip(std::span<const std::byte> bytes);

}  // namespace cornu::inline v0::formats
