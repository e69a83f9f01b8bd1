#pragma once

#include <string>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// "the nearest is data/penguins.csv", for a path where nothing is and something of nearly that
/// name lies beside it; else empty.
CORNU_API std::string nearest_file_hint(const std::string& path);

}  // namespace cornu::inline v0
