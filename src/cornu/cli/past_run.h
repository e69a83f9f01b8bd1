#pragma once

#include <string>

#include "cornu/cli/train_options.h"
#include "cornu/core/value.h"

namespace cornu::inline v0::cli {

/// The options of the command in the settings of run.json.
inline constexpr const char* kOptionsSetting = "options";

/// A run that its folder holds.
struct PastRun {
  std::string path;      ///< of the folder; runs/latest is followed
  Value document;        ///< its run.json
  TrainOptions options;  ///< with which it was trained

  bool is_done() const;
};

/// Error for a folder that has no run.json, or one that --resume cannot read.
PastRun past_run(const std::string& folder);

/// The options with which the run goes on: its own, and those of `given` that may change: --epochs,
/// which may grow, --threads, --target, --data-dir, --offline, --verbose, --live and --json. Error,
/// which lists them, if another one that is given differs.
TrainOptions resumed_options(const PastRun& run, const TrainOptions& given);

}  // namespace cornu::inline v0::cli
