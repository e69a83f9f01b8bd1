#pragma once

#include "cornu/cli/predict.h"
#include "cornu/models/model.h"

namespace cornu::inline v0::cli {

/// Predicts the rows of a table and writes them with their predictions: all of them to the file of
/// the options, or the first to standard output. They are read block by block, so the table may be
/// larger than memory.
void predict_table(const PredictOptions& options, const Model& model);

}  // namespace cornu::inline v0::cli
