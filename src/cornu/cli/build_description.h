#pragma once

#include <string>

namespace cornu::inline v0::cli {

/// The compiler that made this command: "GCC 12.2.0".
std::string compiler();

}  // namespace cornu::inline v0::cli
