#pragma once

#include <string_view>

namespace cornu::inline v0 {

/// A file that report.html is made of, as it lies in page/ or page/uplot/, by its name without
/// folders. Error for a name that none has.
std::string_view page_file(std::string_view name);

}  // namespace cornu::inline v0
