#pragma once

#include "cornu/cli/data.h"
#include "cornu/models/model.h"
#include "cornu/report/run_folder.h"

namespace cornu::inline v0::cli {

/// Predicts the samples that validate, part by part, and writes into the run's folder report.html
/// and, for classes, the confusion matrix. `validation` as it is stored; it may be empty.
/// `batch_size`: of the plan that is shown.
void write_report(const RunFolder& folder, const RunRecord& record, const Model& model,
                  const Data& data, const Dataset& validation, int64_t batch_size);

}  // namespace cornu::inline v0::cli
