#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/datasets/dataset.h"
#include "cornu/datasets/table_rows.h"
#include "cornu/evaluation/class_results.h"
#include "cornu/evaluation/number_results.h"
#include "cornu/models/model.h"
#include "cornu/report/run_record.h"

namespace cornu::inline v0 {

/// What a model does on the samples that validate: as stored, and one of both results.
struct CORNU_API ValidationResults {
  Dataset samples = {};
  std::vector<std::string> class_names = {};
  std::optional<ClassResults> classes = {};
  std::optional<NumberResults> numbers = {};
  /// Of a table: the rows of the worst samples, by their numbers; none: the samples are numbered.
  std::map<int64_t, datasets::TableRow> rows = {};

  /// The samples of the largest error, the largest first.
  std::vector<int64_t> worst() const;
};

/// The parts of a run that its report shows.
struct RunReport {
  const RunRecord& record;
  const Model& model;
  Shape sample = {};       ///< of a stored sample
  std::string title = {};  ///< what the data are, in a few words
  std::string plan = {};   ///< of a training step, as text
  /// None: nothing validates.
  const ValidationResults* validation = nullptr;
};

/// The report as one HTML file that needs no other: results, learning curves, confusion matrix,
/// scores of the classes, worst mistakes, calibration, weights of the first layer as pictures, run,
/// network and plan. What makes no sense for the run is absent. All texts are escaped.
CORNU_API std::string report_page(const RunReport& report);

}  // namespace cornu::inline v0
