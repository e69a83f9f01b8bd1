#pragma once

#include <algorithm>
#include <set>
#include <vector>

#include "cornu/plan/plan.h"

namespace cornu::inline v0 {

/// Which ops write and read the memory of a slot; indices into the plan's ops, or those of a
/// schedule of it.
class Uses {
 public:
  explicit Uses(const Plan& plan) : Uses(plan, plan.ops) {}
  Uses(const Plan& plan, const std::vector<Op>& ops)
      : plan_(plan), writers_(plan.slots.size()), readers_(plan.slots.size()) {
    for (size_t i = 0; i < ops.size(); ++i) {
      for (SlotId in : ops[i].in) {
        if (in != kNone) readers_[index(in)].push_back(i);
      }
      for (SlotId out : ops[i].out) {
        writers_[index(out)].push_back(i);
        if (ops[i].accumulate) readers_[index(out)].push_back(i);
      }
    }
    for (SlotId result : plan.results()) results_.insert(plan.base(result));
  }

  const std::vector<size_t>& writers(SlotId id) const { return writers_[index(id)]; }
  const std::vector<size_t>& readers(SlotId id) const { return readers_[index(id)]; }
  /// Whether the slot is an output or a loss, which are read when a step is done.
  bool is_result(SlotId id) const { return results_.contains(plan_.base(id)); }
  /// Whether one op writes the slot and `reader` alone reads it.
  bool only_for(SlotId id, size_t reader) const {
    return !is_result(id) && writers(id).size() == 1 &&
           std::ranges::all_of(readers(id), [&](size_t i) { return i == reader; });
  }

 private:
  size_t index(SlotId id) const { return static_cast<size_t>(plan_.base(id)); }

  const Plan& plan_;
  std::vector<std::vector<size_t>> writers_, readers_;
  std::set<SlotId> results_;
};

}  // namespace cornu::inline v0
