#include "cornu/core/nearest_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0 {

std::string nearest_file_hint(const std::string& path) {
  namespace fs = std::filesystem;
  fs::path wanted = path;
  if (!wanted.has_filename()) wanted = wanted.parent_path();
  const fs::path folder = wanted.parent_path();
  std::error_code error;
  fs::directory_iterator each(folder.empty() ? fs::path(".") : folder, error);
  std::vector<std::string> names;
  for (; !error && each != fs::directory_iterator(); each.increment(error)) {
    std::string name = each->path().filename().string();
    // A name that would send commands to a terminal is not repeated.
    const bool is_plain =
        std::ranges::none_of(name, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
    if (is_plain) names.push_back(std::move(name));
  }
  const std::string nearest = nearest_name(wanted.filename().string(), names);
  return nearest.empty() ? "" : "the nearest is " + (folder / nearest).string();
}

}  // namespace cornu::inline v0
