#pragma once

#include <string>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// Bytes as text of 64 characters, padded (RFC 4648).
CORNU_API std::string base64(std::string_view bytes);

}  // namespace cornu::inline v0::formats
