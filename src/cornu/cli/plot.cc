#include "cornu/cli/plot.h"

#include <filesystem>

#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/error.h"
#include "cornu/formats/utf8.h"
#include "cornu/report/history_file.h"
#include "cornu/report/learning_curves.h"

namespace cornu::inline v0::cli {

int plot(const PlotOptions& options) {
  if (!options.out.ends_with(".svg") && !options.out.ends_with(".png")) {
    throw UsageError{Error({.where = "--out",
                            .expected = "NAME.svg or .png",
                            .found = formats::shown(options.out)})
                         .what()};
  }
  std::filesystem::path file = options.history;
  std::error_code none;
  const bool is_run = std::filesystem::is_directory(file, none);
  if (is_run) file /= "run.json";
  const History history = read_history(file.string());
  save_learning_curves(history, options.out,
                       options.title.empty() ? options.history : options.title);
  print("picture: " + options.out + "\n");
  return 0;
}

}  // namespace cornu::inline v0::cli
