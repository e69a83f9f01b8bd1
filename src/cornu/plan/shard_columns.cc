#include <algorithm>

#include "cornu/plan/passes.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

using ops::Product;

// Whether only products touch the slot, and each member only its columns.
bool stays_in_its_columns(const Plan& plan, const Schedule& schedule, const Uses& uses, SlotId id) {
  const auto reads_columns = [&](size_t reader) {
    const Op& op = schedule.ops[reader];
    if (!std::holds_alternative<Product>(op.what)) return false;
    for (size_t i = 0; i < op.in.size(); ++i) {
      if (op.in[i] == kNone || plan.base(op.in[i]) != id) continue;
      if (i != Product::kW || reads(op, i) != Share::last_axis) return false;
    }
    return true;
  };
  const auto writes_columns = [&](size_t writer) {
    const Op& op = schedule.ops[writer];
    return std::holds_alternative<Product>(op.what) && written_share(op) == Share::last_axis;
  };
  return plan.slot(id).shape.ndim() == 2 && !uses.is_result(id) &&
         std::ranges::all_of(uses.readers(id), reads_columns) &&
         std::ranges::all_of(uses.writers(id), writes_columns);
}

// A weight and its moments are all sharded or none, as one update processes them together.
bool may_be_sharded(const Plan& plan, const Schedule& schedule, const Uses& uses, const Op& op) {
  return std::holds_alternative<Product>(op.what) && op.fused.has_update() &&
         std::ranges::all_of(op.out, [&](SlotId out) {
           const SlotKind kind = plan.slot(out).kind;
           return (kind == SlotKind::weight || kind == SlotKind::state) &&
                  plan.slot(out).base == kNone && stays_in_its_columns(plan, schedule, uses, out);
         });
}

}  // namespace

void shard_columns(const Plan& plan, Schedule& schedule) {
  if (schedule.members == 1) return;
  const Uses uses(plan, schedule.ops);
  for (const Op& op : schedule.ops) {
    if (!may_be_sharded(plan, schedule, uses, op)) continue;
    for (SlotId out : op.out) schedule.place(out).sharded = true;
  }
}

}  // namespace cornu::inline v0
