#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// How many members of a team ran the steps of a run, and why.
struct TeamUse {
  struct Change {
    int from = 1, to = 1;
    double step_before = 0, step_after = 0;  ///< seconds of a step on `from` and on `to` members
    double waited = 0;  ///< part of a step on `from` for which the member that waited longest did
  };

  bool elastic = false;             ///< whether the number may change between steps
  std::vector<int64_t> steps = {};  ///< run on 1, 2, … members
  int64_t changes = 0;              ///< that were kept, trials aside
  Change last = {};                 ///< the last of them

  /// The number of members that ran most steps; 1 before the first.
  CORNU_API int members() const;
  /// One sentence: what was decided and why.
  CORNU_API std::string text() const;
};

}  // namespace cornu::inline v0
