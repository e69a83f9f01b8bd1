#pragma once

#include <string>

#include "cornu/cli/data.h"
#include "cornu/datasets/dataset.h"
#include "cornu/models/load_model.h"

namespace cornu::inline v0::cli {

/// Error when all samples are of one class, from which nothing can be learned.
void require_two_classes(const Data& data);

/// Says on standard error what in a user's own training data looks like a mistake but is none for
/// sure: classes without samples, and floats that are bytes of pictures.
void warn_of_training_data(const Data& data, const Dataset& train);

/// Says on standard error when a model of bytes, which were divided, is given floats that were not.
void warn_of_range(const Model& model, const Dataset& data);

}  // namespace cornu::inline v0::cli
