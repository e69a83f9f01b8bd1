#include "cornu/plan/passes.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace cornu::inline v0 {
namespace {

constexpr Pass kPasses[] = {
    {"drop_unread", drop_unread},
};

bool outlives_run(const Slot& slot) {
  return slot.kind == SlotKind::weight || slot.kind == SlotKind::state;
}

// What members have done to a slot's memory since the last barrier.
struct Touched {
  bool written_shares = false;  // each member its share
  bool written_by_one = false;
  bool read_shares = false;
  bool read_all = false;  // somebody has read beyond his share
  bool read_by_one = false;
};

class Since {
 public:
  explicit Since(const Plan& plan) : plan_(plan) {}

  bool conflicts(const Op& op) const {
    const bool one = op.split == Split::one;
    for (size_t i = 0; i < op.in.size(); ++i) {
      if (op.in[i] == kNone) continue;
      const Touched t = at(op.in[i]);
      const bool own = !one && reads_own(op, i);
      if (own ? t.written_by_one : one ? t.written_shares : t.written_shares || t.written_by_one) {
        return true;
      }
    }
    for (SlotId out : op.out) {
      const Touched t = at(out);
      if (one ? t.written_shares || t.read_shares || t.read_all
              : t.written_by_one || t.read_by_one || t.read_all) {
        return true;
      }
    }
    return false;
  }

  void add(const Op& op) {
    const bool one = op.split == Split::one;
    for (size_t i = 0; i < op.in.size(); ++i) {
      if (op.in[i] == kNone) continue;
      Touched& t = touched_[plan_.base(op.in[i])];
      (one ? t.read_by_one : reads_own(op, i) ? t.read_shares : t.read_all) = true;
    }
    for (SlotId out : op.out) {
      Touched& t = touched_[plan_.base(out)];
      (one ? t.written_by_one : t.written_shares) = true;
    }
  }

  void clear() { touched_.clear(); }

 private:
  Touched at(SlotId id) const {
    const auto found = touched_.find(plan_.base(id));
    return found == touched_.end() ? Touched{} : found->second;
  }

  const Plan& plan_;
  std::map<SlotId, Touched> touched_;
};

}  // namespace

std::span<const Pass> cpu_passes() {
  return kPasses;
}

Plan improve(Plan plan, std::span<const std::string> without) {
  std::vector<std::string> names;
  for (const Pass& pass : kPasses) names.emplace_back(pass.name);
  for (const std::string& left_out : without) {
    if (std::find(names.begin(), names.end(), left_out) == names.end()) {
      throw unknown_name("plan", "pass", left_out, names);
    }
  }
  for (const Pass& pass : kPasses) {
    if (std::find(without.begin(), without.end(), pass.name) != without.end()) continue;
    pass.rewrite(plan);
    plan.passes.emplace_back(pass.name);
  }
  schedule(plan);
  lay_out(plan);
  return plan;
}

void drop_unread(Plan& plan) {
  std::set<SlotId> read;
  for (SlotId output : plan.outputs) read.insert(plan.base(output));
  for (const LossTerm& loss : plan.losses) read.insert(plan.base(loss.per_row));
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

void schedule(Plan& plan) {
  Since since(plan);
  for (Op& op : plan.ops) {
    op.barrier = since.conflicts(op);
    if (op.barrier) since.clear();
    since.add(op);
  }
}

void lay_out(Plan& plan) {
  constexpr int64_t kLine = 64;
  std::set<SlotId> used;
  for (const Op& op : plan.ops) {
    for (const Slots* slots : {&op.in, &op.out}) {
      for (SlotId id : *slots) {
        if (id != kNone) used.insert(plan.base(id));
      }
    }
  }
  plan.arena_bytes = 0;
  for (SlotId id : used) {
    Slot& slot = plan.slots[static_cast<size_t>(id)];
    if (slot.kind != SlotKind::activation && slot.kind != SlotKind::gradient) continue;
    slot.offset = plan.arena_bytes;
    const int64_t bytes =
        slot.shape.size(plan.capacity) * static_cast<int64_t>(itemsize(slot.dtype));
    plan.arena_bytes += (bytes + kLine - 1) / kLine * kLine;
  }
}

}  // namespace cornu::inline v0
