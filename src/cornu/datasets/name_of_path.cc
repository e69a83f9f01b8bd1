#include "cornu/datasets/name_of_path.h"

#include <filesystem>

namespace cornu::inline v0::datasets {

std::string name_of_path(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::path whole = fs::absolute(path, ignored).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();  // "photos/"
  return (fs::is_directory(whole, ignored) ? whole.filename() : whole.stem()).string();
}

}  // namespace cornu::inline v0::datasets
