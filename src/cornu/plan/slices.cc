// Divides the updates of weights among processes.

#include <algorithm>
#include <set>
#include <utility>

#include "cornu/plan/passes.h"

namespace cornu::inline v0 {
namespace {

/// A gradient, the weight and the states that are updated with it; or none, if an op behind its sum
/// needs more of one of them than a slice.
class Updated {
 public:
  /// `summed` is the op after which processes have all of the gradient.
  Updated(const Plan& plan, size_t summed, SlotId gradient) : plan_(plan), gradient_(gradient) {
    arrays_.insert(gradient);
    for (size_t known = 0; known != arrays_.size();) {
      known = arrays_.size();
      for (size_t i = summed + 1; i < plan.ops.size(); ++i) {
        if (!touched_by(plan.ops[i])) continue;
        if (!takes_slices(plan.ops[i].what)) {
          arrays_.clear();
          return;
        }
        add(plan.ops[i].in);
        add(plan.ops[i].out);
      }
    }
  }

  bool in_slices() const { return !arrays_.empty(); }
  bool changed_by(const Op& op) const {
    return std::ranges::any_of(op.out, [&](SlotId id) { return arrays_.contains(plan_.base(id)); });
  }
  const std::set<SlotId>& arrays() const { return arrays_; }

 private:
  bool touched_by(const Op& op) const {
    const auto is_one = [&](SlotId id) { return id != kNone && arrays_.contains(plan_.base(id)); };
    return changed_by(op) || std::ranges::any_of(op.in, is_one);
  }
  // Numbers of the step, such as a rate, have another size.
  void add(const Slots& slots) {
    const int64_t size = plan_.slot(gradient_).shape.size();
    for (const SlotId id : slots) {
      if (id != kNone && plan_.slot(id).shape.size() == size) arrays_.insert(plan_.base(id));
    }
  }

  const Plan& plan_;
  const SlotId gradient_;
  std::set<SlotId> arrays_;
};

// Lets a gradient be summed where the sums of this process's only shard are.
void sum_in_place(Plan& plan, const Op& sum, SlotId gradient) {
  const auto at = std::ranges::find(sum.out, gradient) - sum.out.begin();
  const SlotId parts = sum.in[static_cast<size_t>(at)];
  for (Slot& slot : plan.slots) {
    if (slot.base == gradient) slot.base = parts;
  }
  plan.slots[static_cast<size_t>(gradient)].base = parts;
}

// The op that sums a gradient.
Op& sum_of(Plan& plan, SlotId gradient) {
  return *std::ranges::find_if(plan.ops, [&](const Op& op) {
    return std::holds_alternative<ops::SumSlices>(op.what) &&
           std::ranges::find(op.out, gradient) != op.out.end();
  });
}

}  // namespace

void divide_updates(Plan& plan) {
  Op spread{.what = ops::SpreadSlices{}, .in = {}, .out = {}, .phase = Phase::update, .layer = {}};
  spread.split = Split::one;
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    if (!std::holds_alternative<ops::SpreadSlices>(plan.ops[i].what)) continue;
    Slots whole;
    for (const SlotId gradient : plan.ops[i].out) {
      const Updated updated(plan, i, gradient);
      if (!updated.in_slices()) {
        whole.push_back(gradient);
        continue;
      }
      for (size_t later = i + 1; later < plan.ops.size(); ++later) {
        Op& op = plan.ops[later];
        if (!updated.changed_by(op)) continue;
        op.of_slice = true;
        if (op.phase != Phase::update) spread.phase = op.phase;  // also in steps without an update
      }
      Op& sum = sum_of(plan, gradient);
      if (plan.own_shards() == 1 && !sum.accumulate) sum_in_place(plan, sum, gradient);
      for (const SlotId each : updated.arrays()) {
        if (plan.slot(each).kind != SlotKind::weight) continue;
        sum.out.push_back(each);
        spread.out.push_back(each);
      }
    }
    plan.ops[i].in = plan.ops[i].out = whole;
  }
  std::erase_if(plan.ops, [](const Op& op) {
    return std::holds_alternative<ops::SpreadSlices>(op.what) && op.out.empty();
  });
  spread.in = spread.out;
  if (!spread.out.empty()) plan.ops.push_back(std::move(spread));
}

}  // namespace cornu::inline v0
