// Divides the sums over the rows of a batch into shards.

#include <map>
#include <utility>

#include "cornu/plan/passes.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

bool is_sum_over_rows(const Plan& plan, const Op& op) {
  const auto has_rows = [&](SlotId id) { return id != kNone && plan.slot(id).shape.has_rows(); };
  return std::ranges::any_of(op.in, has_rows) && std::ranges::none_of(op.out, has_rows);
}

/// The sums of shards that stand in for a slot, until the last op has added to them.
struct Parts {
  SlotId slot;
  size_t last;  ///< index of that op
};

class Division {
 public:
  explicit Division(Plan& plan) : plan_(plan), ops_(std::move(plan.ops)) {
    for (size_t i = 0; i < ops_.size(); ++i) {
      if (!is_sum_over_rows(plan_, ops_[i])) continue;
      for (const SlotId out : ops_[i].out) parts_of(out, ops_[i]).last = i;
    }
  }

  void divide() {
    plan_.ops.clear();
    for (size_t i = 0; i < ops_.size(); ++i) {
      const bool is_sum = is_sum_over_rows(plan_, ops_[i]);
      Op op = std::move(ops_[i]);
      const Op like = {
          .what = op.what, .in = {}, .out = op.out, .phase = op.phase, .layer = op.layer};
      if (is_sum) {
        for (SlotId& out : op.out) {
          out = plan_.reshaped(parts_.at(plan_.base(out)).slot, plan_.slot(out).shape);
        }
      }
      append(std::move(op));
      if (is_sum) add_up(like, i);
    }
  }

 private:
  Parts& parts_of(SlotId out, const Op& op) {
    const SlotId base = plan_.base(out);
    const auto found = parts_.find(base);
    if (found != parts_.end()) return found->second;
    Slot slot = plan_.slot(base);
    slot.name += " of shards";
    slot.shards = plan_.shards;
    if (std::holds_alternative<ops::ColumnMoments>(op.what)) slot.dtype = DType::float64;
    plan_.slots.push_back(std::move(slot));
    return parts_[base] = {static_cast<SlotId>(plan_.slots.size() - 1), 0};
  }

  // The ops behind the last one that adds to the sums of shards of some slots.
  void add_up(const Op& like, size_t index) {
    Op op = like;
    if (std::holds_alternative<ops::ColumnMoments>(like.what)) {
      op.what = ops::MergeMoments{};
      for (const SlotId out : like.out) op.in.push_back(parts_.at(plan_.base(out)).slot);
      return append(std::move(op));
    }
    for (const SlotId out : like.out) {
      const SlotId base = plan_.base(out);
      if (parts_.at(base).last != index) continue;
      op.what = ops::SumShards{};
      op.in = {parts_.at(base).slot};
      op.out = {base};
      append(op);
    }
  }

  // The first of the ops that write a sum overwrites it, those after it add to it.
  void append(Op op) {
    const SlotId base = plan_.base(op.out[0]);
    const bool is_gradient = plan_.slot(base).kind == SlotKind::gradient;
    if (is_gradient && (op.accumulate || std::holds_alternative<ops::SumShards>(op.what) ||
                        plan_.slot(base).shards > 1)) {
      op.accumulate = written_.contains(base);
    }
    written_.insert(base);
    plan_.ops.push_back(std::move(op));
  }

  Plan& plan_;
  std::vector<Op> ops_;
  std::map<SlotId, Parts> parts_;
  std::set<SlotId> written_;
};

}  // namespace

void divide_into_shards(Plan& plan, int shards) {
  plan.shards = shards;
  if (shards > 1) Division(plan).divide();
}

}  // namespace cornu::inline v0
