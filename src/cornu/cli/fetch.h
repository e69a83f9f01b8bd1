#pragma once

#include <string>

namespace cornu::inline v0::cli {

struct FetchOptions {
  std::string dataset = {};
  std::string data_dir = {};
  bool json = false;
};

/// `cornu fetch`: a data set that is here is verified, any other one downloaded and then
/// verified. Returns the exit status.
int fetch(const FetchOptions& options);

}  // namespace cornu::inline v0::cli
