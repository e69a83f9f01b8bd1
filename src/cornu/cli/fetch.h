#pragma once

#include <string>

namespace cornu::inline v0::cli {

struct FetchOptions {
  std::string dataset = {};
  std::string data_dir = {};
  bool json = false;
};

/// `cornu fetch`: verifies a data set that was found, downloads and verifies any other. Returns the
/// exit status.
int fetch(const FetchOptions& options);

}  // namespace cornu::inline v0::cli
