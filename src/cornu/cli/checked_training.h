#pragma once

#include <cstdint>

#include "cornu/cli/data.h"
#include "cornu/cli/train_options.h"
#include "cornu/models/model.h"

namespace cornu::inline v0::cli {

/// The parts named on a command line, made and checked before a data set of the catalogue is read.
struct Training {
  TrainOptions options;  ///< completed
  Data data;
  Model model;
  bool has_start = false;  ///< the weights of another model
  CompileOptions compile;
  Callbacks callbacks;
  ClassWeight class_weight;
};

/// Error for what does not fit together; UsageError for what is wrong on the command line.
Training checked(const TrainOptions& given);

/// The samples that are trained on: the same split of the training part as in fit().
int64_t kept_samples(const TrainOptions& options, const Data& data);

}  // namespace cornu::inline v0::cli
