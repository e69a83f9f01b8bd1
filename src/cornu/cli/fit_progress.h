#pragma once

#include "cornu/cli/train_options.h"
#include "cornu/training/fit.h"

namespace cornu::inline v0::cli {

/// Lets a fit show its progress as the options say: with --live as curves where there is a terminal
/// for them, else as a line per epoch.
void set_progress(const TrainOptions& options, FitOptions& fitting);

}  // namespace cornu::inline v0::cli
