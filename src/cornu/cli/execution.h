#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/models/model.h"

namespace cornu::inline v0::cli {

/// The command's options for executing plans.
struct ExecutionFlags {
  int64_t threads = 0;      ///< 0: the default for this machine
  std::string target = {};  ///< empty: the best there is
  double minimum_work = ExecutionOptions{}.minimum_work;
  std::vector<std::string> without = {};
};

/// Checks names of targets and passes: UsageError for one that does not exist.
void check_execution(const ExecutionFlags& flags);

/// Starts the threads. Error for a target that this CPU lacks.
ExecutionOptions execution_of(const ExecutionFlags& flags);

}  // namespace cornu::inline v0::cli
