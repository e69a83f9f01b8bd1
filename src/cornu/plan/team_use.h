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
    double waited = 0;  ///< the longest wait of a member, as a part of a step on `from`
  };

  bool elastic = false;             ///< whether the number may change between steps
  std::vector<int64_t> steps = {};  ///< run on 1, 2, … members
  int64_t changes = 0;              ///< that were kept, without trials
  Change last = {};                 ///< the last of them

  /// The number of members that ran most steps; 1 before the first.
  CORNU_API int members() const;
  /// The decision and its reason in one sentence.
  CORNU_API std::string text() const;
};

}  // namespace cornu::inline v0
