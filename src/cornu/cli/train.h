#pragma once

#include "cornu/cli/train_options.h"

namespace cornu::inline v0::cli {

/// `cornu train`: trains a network and keeps the run in a folder, or goes on with such a run.
/// Returns the exit status.
int train(const TrainOptions& options);

}  // namespace cornu::inline v0::cli
