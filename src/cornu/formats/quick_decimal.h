#pragma once

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// Reads a number in decimal digits such as -12.5e-3 while it looks for its end: `value` is the
/// float64 that std::from_chars has, to the last bit, and what is returned the character after it.
/// nullptr for what is no such number, and for the few that need more than 19 digits, a power of
/// ten beyond 50, or more than 128 bits to be rounded. Seven bytes after that character are read.
CORNU_API const char* quick_decimal(const char* at, double& value);

}  // namespace cornu::inline v0::formats
