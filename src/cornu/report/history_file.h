#pragma once

#include <string>

#include "cornu/core/export.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// The epochs that a file of a run holds, as its content says: run.json, history.json, or what
/// Keras users keep, `json.dump(history.history)` and the table of CSVLogger. A column `epoch` is
/// their numbering; text, and cells that are missing, are no values. Error for another file, and
/// for one without numbers.
CORNU_API History read_history(const std::string& path);

}  // namespace cornu::inline v0
