#pragma once

#include <vector>

#include "cornu/plan/executor.h"

namespace cornu::inline v0 {

/// The time of a plan's ops. The parts of an op are not equally large: of 24 units, in vectors of
/// sixteen, a thread has 16 and another 8, and of 8 one has all.
struct OpTimes {
  Schedule schedule = {};  ///< that was measured
  /// Per step, for each op of the schedule: of the thread that ran the steps, of the one that takes
  /// longest, and of all threads together.
  std::vector<double> seconds = {}, longest = {}, of_all = {};
  double waiting = 0;    ///< seconds per step of the first thread at barriers
  double gathering = 0;  ///< seconds per step of the first thread on its rows of the next batch
  double step = 0;       ///< seconds of a whole step, gathering included
  int64_t steps = 0;     ///< measured
  int threads = 1;
  TeamUse use = {};  ///< of other steps, on as many threads as a fit would use
  double peak = 0;   ///< FLOP/s of multiply-adds in registers on one thread, before and after
};

/// Runs steps of `plan` over `source`, repeated from its beginning, for about a third of a second.
/// It changes the memory that `bind` returns, which should therefore be copies.
CORNU_API OpTimes measure(const Plan& plan, const Source& source, const Bind& bind,
                          const ExecutorOptions& options);

/// explain(plan) with the time of each op, of the thread that takes longest for it, its share of
/// the step, and its part of what the threads could do at their peak in the time that they work on
/// it.
CORNU_API std::string explain(const Plan& plan, const OpTimes& times);

}  // namespace cornu::inline v0
