#pragma once

#include <string>

namespace cornu::inline v0::cli {

struct ConvertOptions {
  std::string in = {}, out = {};
  bool overwrite = false;
};

/// `cornu convert`: writes a model in another format. Returns the exit status.
int convert(const ConvertOptions& options);

}  // namespace cornu::inline v0::cli
