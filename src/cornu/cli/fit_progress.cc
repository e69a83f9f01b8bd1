#include "cornu/cli/fit_progress.h"

#include <unistd.h>

#include "cornu/cli/output.h"
#include "cornu/report/live_curves.h"

namespace cornu::inline v0::cli {

void set_progress(const TrainOptions& options, FitOptions& fitting) {
  fitting.verbose = options.verbose;
  if (!options.live || options.verbose == 0) return;
  if (!LiveCurves::fit_into(STDERR_FILENO)) {
    fitting.verbose = 2;
    return;
  }
  fitting.verbose = 0;
  const TerminalOptions terminal = terminal_options(STDERR_FILENO);
  fitting.callbacks.emplace_back(
      LiveCurves({.unicode = terminal.unicode, .color = terminal.color}));
}

}  // namespace cornu::inline v0::cli
