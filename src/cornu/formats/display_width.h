#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// Columns of a terminal that a text in UTF-8 takes: two for each wide character of East Asia and
/// each emoji, none for what is put over the character before it, one for any other.
CORNU_API size_t display_width(std::string_view text);

/// A text from a file, safe to print in at most `width` columns: control characters and bytes that
/// are not UTF-8 become spaces, and `end` stands in place of what is too long.
CORNU_API std::string fitted_text(std::string_view text, size_t width, std::string_view end = "…");

}  // namespace cornu::inline v0::formats
