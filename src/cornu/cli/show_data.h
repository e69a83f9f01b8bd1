#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/cli/data.h"

namespace cornu::inline v0::cli {

struct ShowDataOptions {
  std::string data = {};  ///< what `train` takes
  std::string data_dir = {};
  Part part = Part::train;             ///< whose first samples are shown
  int64_t first = 0;                   ///< how many; 0: a few
  int64_t columns = 0;                 ///< pictures side by side; 0: as many as fit well
  bool stats = false;                  ///< whether ranges, balance and duplicates are shown too
  std::string label = {};              ///< of a table
  std::vector<std::string> drop = {};  ///< of a table
  TableFlags table = {};
  std::string out = {};  ///< a file for the same
  bool json = false;
};

/// `cornu show DATA`: what samples are like. Returns the exit status.
int show_data(const ShowDataOptions& options);

/// The same of a table.
int show_table(const ShowDataOptions& options);

/// What a file of that name now holds, in a line.
std::string written_line(const std::string& out);

}  // namespace cornu::inline v0::cli
