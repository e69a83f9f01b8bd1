#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/cli/data.h"

namespace cornu::inline v0::cli {

/// The options of both forms of `cornu show`.
struct ShowOptions {
  std::string data = {};   ///< or, where an image follows, a model
  std::string image = {};  ///< empty: data are shown
  std::string out = {};
  Part part = Part::train;
  int64_t sample = 0, most = 16, first = 0, columns = 0;
  std::string layers = {};
  bool stats = false, json = false;
  std::string label = {};
  std::vector<std::string> drop = {};
  TableFlags table = {};
  std::string data_dir = {};
  /// The long names of the options on the command line.
  std::vector<std::string> given = {};
};

/// `cornu show DATA`, or `cornu show MODEL IMAGE`. Returns the exit status.
int show(const ShowOptions& options);

}  // namespace cornu::inline v0::cli
