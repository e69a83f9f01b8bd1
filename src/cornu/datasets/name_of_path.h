#pragma once

#include <string>

namespace cornu::inline v0::datasets {

/// What a user's data are called: the name of their folder, of "." too, or of their file without
/// its ending.
std::string name_of_path(const std::string& path);

}  // namespace cornu::inline v0::datasets
