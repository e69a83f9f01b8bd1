#include "cornu/plan/passes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr Pass kPasses[] = {
    {.name = "drop_unread", .rewrite = drop_unread},
    {.name = "fuse_decode", .rewrite = fuse_decode},
    {.name = "fuse_shards", .rewrite = fuse_shards},
    {.name = "skip_zeros", .rewrite = skip_zeros},
    {.name = "read_in_place", .rewrite = read_in_place},
    {.name = "derive_pooled", .rewrite = derive_pooled},
    {.name = "fuse_activation", .rewrite = fuse_activation},
    {.name = "fuse_pool", .rewrite = fuse_pool},
    {.name = "fuse_update", .rewrite = fuse_update},
    {.name = "view_parts", .rewrite = view_parts},
    {.name = "schedule", .schedule = share_work},
    {.name = "shard_columns", .schedule = shard_columns},
    {.name = "share_memory", .schedule = share_memory},
};

bool outlives_run(const Slot& slot) {
  return slot.kind == SlotKind::weight || slot.kind == SlotKind::state;
}

bool contains(std::span<const std::string> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::span<const Pass> cpu_passes() {
  return kPasses;
}

Plan improve(Plan plan, std::span<const std::string> without) {
  std::vector<std::string> names;
  for (const Pass& pass : kPasses) names.emplace_back(pass.name);
  for (const std::string& left_out : without) {
    if (!contains(names, left_out)) throw unknown_name("plan", "pass", left_out, names);
  }
  for (const Pass& pass : kPasses) {
    if (pass.rewrite == nullptr || contains(without, pass.name)) continue;
    pass.rewrite(plan);
    plan.passes.emplace_back(pass.name);
  }
  return plan;
}

Schedule make_schedule(const Plan& plan, int members, std::span<const std::string> without) {
  // Without a split of the work there is nothing for a second member to do.
  Schedule schedule{.members = contains(without, "schedule") ? 1 : members, .ops = plan.ops};
  schedule.places.resize(plan.slots.size());
  for (const Pass& pass : kPasses) {
    if (pass.schedule == nullptr || contains(without, pass.name)) continue;
    pass.schedule(plan, schedule);
    schedule.passes.emplace_back(pass.name);
  }
  if (contains(without, "share_memory")) lay_out(plan, schedule);
  return schedule;
}

void drop_unread(Plan& plan) {
  std::set<SlotId> read;
  for (SlotId result : plan.results()) read.insert(plan.base(result));
  std::vector<Op> kept;
  for (size_t i = plan.ops.size(); i-- > 0;) {
    Op& op = plan.ops[i];
    const bool needed = std::any_of(op.out.begin(), op.out.end(), [&](SlotId out) {
      return outlives_run(plan.slot(plan.base(out))) || read.contains(plan.base(out));
    });
    if (!needed) continue;
    for (SlotId in : op.in) {
      if (in != kNone) read.insert(plan.base(in));
    }
    kept.push_back(std::move(op));
  }
  std::reverse(kept.begin(), kept.end());
  plan.ops = std::move(kept);
}

void read_in_place(Plan& plan) {
  const Uses uses(plan);
  for (SlotId input : plan.inputs) {
    // A row of the batch has to be one row of a product, or an image.
    const auto reads_by_rows = [&](size_t reader) {
      const Op& op = plan.ops[reader];
      if (takes_images(op.what)) return op.fused.decode.has_value();
      if (plan.slot(op.in[0]).shape.ndim() != 2) return false;
      if (std::holds_alternative<ops::Nonzero>(op.what)) return true;
      return std::holds_alternative<ops::Product>(op.what) && op.fused.decode &&
             plan.base(op.in[ops::Product::kX]) == input &&
             plan.base(op.in[ops::Product::kW]) != input;
    };
    plan.slots[static_cast<size_t>(input)].by_rows =
        !uses.is_result(input) && std::ranges::all_of(uses.readers(input), reads_by_rows);
  }
}

}  // namespace cornu::inline v0
