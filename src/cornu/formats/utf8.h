#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// Bytes of the UTF-8 character that `text` begins with; 0 when it begins with none (Unicode's
/// table 3-7: no overlong form, no surrogate, nothing past U+10FFFF).
CORNU_API size_t character_size(std::string_view text);

CORNU_API bool is_utf8(std::string_view text);

/// A name from a file of unknown origin, made safe for a message: quoted, cut to 64 bytes, control
/// characters and bytes that are not UTF-8 as \xNN, so that it sends no commands to a terminal.
CORNU_API std::string shown(std::string_view name);

/// The longest name that a file of unknown origin may give to what it holds.
inline constexpr size_t kMaxNameSize = 1024;

/// What such a name must be and this one is not: "valid UTF-8", …; empty when it is all of that.
CORNU_API std::string fault_of_name(std::string_view name);

/// Whether the character is a control character of ASCII or of Latin-1.
CORNU_API bool is_control(std::string_view character);

}  // namespace cornu::inline v0::formats
