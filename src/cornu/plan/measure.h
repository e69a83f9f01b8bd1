#pragma once

#include <vector>

#include "cornu/plan/executor.h"

namespace cornu::inline v0 {

/// The time of a plan's ops, on the thread that ran the steps.
struct OpTimes {
  Schedule schedule = {};            ///< that was measured
  std::vector<double> seconds = {};  ///< per step, for each op of the schedule
  double waiting = 0;                ///< seconds per step at barriers
  double gathering = 0;              ///< seconds per step on the thread's rows of the next batch
  double step = 0;                   ///< seconds of a whole step, gathering included
  int64_t steps = 0;                 ///< measured
  int threads = 1;
  TeamUse use = {};  ///< of other steps, on as many threads as a fit would use
  double peak = 0;   ///< FLOP/s of multiply-adds in registers on one thread, before and after
};

/// Runs steps of `plan` over `source`, repeated from its beginning, for about a third of a second.
/// It changes the memory that `bind` returns, which should therefore be copies.
CORNU_API OpTimes measure(const Plan& plan, const Source& source, const Bind& bind,
                          const ExecutorOptions& options);

/// explain(plan) with the time of each op, its share of the step, and its part of the peak of the
/// threads that work on it.
CORNU_API std::string explain(const Plan& plan, const OpTimes& times);

}  // namespace cornu::inline v0
