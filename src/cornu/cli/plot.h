#pragma once

#include <string>

namespace cornu::inline v0::cli {

struct PlotOptions {
  std::string history = {};  ///< the folder of a run, or a file that read_history() takes
  std::string out = "curves.svg";
  std::string title = {};  ///< empty: the run's or file's name
};

/// `cornu plot`: draws learning curves. Returns the exit status.
int plot(const PlotOptions& options);

}  // namespace cornu::inline v0::cli
