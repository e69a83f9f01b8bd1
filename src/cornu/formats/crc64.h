#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "cornu/core/export.h"
#include "cornu/core/parts.h"

namespace cornu::inline v0::formats {

/// The CRC-64 of XZ (ECMA-182, reflected) of all bytes so far; begin with 0. It differs for any two
/// contents that differ in 64 bits one after the other or fewer, and for others but one of 2^64.
CORNU_API uint64_t crc64(uint64_t before, std::span<const std::byte> bytes);

/// That of a file, in 16 hexadecimal digits.
CORNU_API std::string crc64_digits(std::span<const std::byte> bytes);
CORNU_API std::string crc64_digits(const Parts& parts);

}  // namespace cornu::inline v0::formats
