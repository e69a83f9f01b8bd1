#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cornu/plan/plan.h"

namespace cornu::inline v0 {

/// Where a slot lies while a plan is carried out.
struct SlotPlace {
  int64_t offset = -1;   ///< bytes into the arena, or into each member's own memory; -1: elsewhere
  int copies = 1;        ///< in use by different steps at the same time
  bool sharded = false;  ///< each member keeps its own columns side by side while steps run
};

/// The execution of a plan by a number of members: the part of each op that a member computes, the
/// barriers, and the places of slots. Every schedule of a plan gives the same bits, so an executor
/// may change from one to another between steps.
struct Schedule {
  int members = 1;
  std::vector<Op> ops = {};              ///< the plan's ops in order, with split and barrier set
  std::vector<SlotPlace> places = {};    ///< by slot
  bool barrier_at_end = false;           ///< before the results of a step are read
  int64_t arena_bytes = 0;               ///< of the slots that members share
  int64_t member_bytes = 0;              ///< of the slots that every member has for itself
  std::vector<std::string> passes = {};  ///< those that made it, in order

  SlotPlace& place(SlotId id) { return places[static_cast<size_t>(id)]; }
  const SlotPlace& place(SlotId id) const { return places[static_cast<size_t>(id)]; }
};

/// The schedule of a plan for a team of `members`, after every pass that schedules, except those
/// named in `without`; without the pass "schedule" it is for one member.
CORNU_API Schedule make_schedule(const Plan& plan, int members,
                                 std::span<const std::string> without = {});

/// The plan and a schedule of it as text, as a database prints a query plan: one op per line with
/// its phase, layer, slots, shapes, FLOPs and bytes for `capacity` rows, split and barrier; then
/// the slots.
CORNU_API std::string explain(const Plan& plan, const Schedule& schedule);

}  // namespace cornu::inline v0
