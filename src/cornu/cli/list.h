#pragma once

#include <string>

namespace cornu::inline v0::cli {

struct ListOptions {
  std::string kind = {};  ///< empty: all kinds, with names only
  bool json = false;
};

/// `cornu list`: the words that options take, with their arguments and defaults. Returns the exit
/// status.
int list(const ListOptions& options);

}  // namespace cornu::inline v0::cli
