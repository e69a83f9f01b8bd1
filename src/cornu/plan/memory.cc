// Where slots lie. Members of a team run between two barriers at the same time, so a slot lives
// from barrier to barrier; where there is one member, from op to op.

#include <algorithm>
#include <vector>

#include "cornu/plan/passes.h"
#include "cornu/plan/share.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr int64_t kLine = 64;

struct Life {
  SlotId slot;
  int64_t begin, end;  ///< first and last moment
  int64_t bytes;       ///< of all copies
};

// The bytes of one copy, whole cache lines, so that members do not share any.
int64_t bytes_of(const Plan& plan, const Slot& slot) {
  int64_t size = slot.shape.size(plan.capacity);
  if (slot.sharded) size = slot.shape[0] * widest_share(slot.shape[1], plan.members);
  const int64_t bytes = size * static_cast<int64_t>(itemsize(slot.dtype));
  return (bytes + kLine - 1) / kLine * kLine;
}

bool lies_in_arena(const Slot& slot) {
  if (slot.base != kNone || slot.kind == SlotKind::input) return false;
  // Weights and states are the model's, but members have columns of their own.
  return slot.kind == SlotKind::activation || slot.kind == SlotKind::gradient || slot.sharded;
}

class Lives {
 public:
  explicit Lives(const Plan& plan) : plan_(plan) {
    int64_t interval = 0;
    for (const Op& op : plan.ops) {
      if (op.barrier) ++interval;
      intervals_.push_back(interval);
    }
    last_ = interval + (plan.barrier_at_end ? 1 : 0);
    const auto is_step = [](const Op& op) { return op.phase != Phase::prepare; };
    const auto first = std::ranges::find_if(plan.ops, is_step);
    wraps_ = plan.members > 1 && first != plan.ops.end() && !first->barrier;
  }

  /// The lives of the slots that members share and some op touches.
  std::vector<Life> all() const {
    const Uses uses(plan_);
    std::vector<Life> lives;
    for (size_t i = 0; i < plan_.slots.size(); ++i) {
      const auto id = static_cast<SlotId>(i);
      const Slot& slot = plan_.slot(id);
      if (!lies_in_arena(slot) || slot.sharded) continue;
      std::vector<size_t> at = uses.writers(id);
      at.insert(at.end(), uses.readers(id).begin(), uses.readers(id).end());
      if (at.empty()) continue;
      const auto [first, last] = std::ranges::minmax(at);
      Life life{id, moment(first), moment(last), bytes_of(plan_, slot) * slot.copies};
      if (slot.copies > 1) life.begin = 0;
      if (slot.copies > 1 || uses.is_result(id)) life.end = last_moment();
      lives.push_back(life);
    }
    return lives;
  }

  bool meet(const Life& a, const Life& b) const {
    if (a.begin <= b.end && b.begin <= a.end) return true;
    // The first interval of a step runs beside the last of the step before.
    return wraps_ &&
           ((a.begin == 0 && b.end == last_moment()) || (b.begin == 0 && a.end == last_moment()));
  }

 private:
  int64_t last_moment() const {
    return plan_.members > 1 ? last_ : static_cast<int64_t>(plan_.ops.size());
  }
  int64_t moment(size_t op) const {
    return plan_.members > 1 ? intervals_[op] : static_cast<int64_t>(op);
  }

  const Plan& plan_;
  std::vector<int64_t> intervals_;
  int64_t last_ = 0;
  bool wraps_ = false;
};

// A member's columns of one slot behind those of another: they are there all the time.
void lay_out_shards(Plan& plan) {
  plan.member_bytes = 0;
  for (Slot& slot : plan.slots) {
    if (!slot.sharded) continue;
    slot.offset = plan.member_bytes;
    plan.member_bytes += bytes_of(plan, slot);
  }
}

}  // namespace

// The largest first, each at the lowest place that is free while it lives.
void share_memory(Plan& plan) {
  const Lives lives(plan);
  std::vector<Life> by_size = lives.all();
  std::ranges::stable_sort(by_size, [](const Life& a, const Life& b) { return a.bytes > b.bytes; });
  std::vector<Life> placed;  // by offset
  plan.arena_bytes = 0;
  for (const Life& life : by_size) {
    int64_t offset = 0;
    for (const Life& other : placed) {
      const int64_t taken = plan.slot(other.slot).offset;
      if (!lives.meet(life, other) || taken + other.bytes <= offset) continue;
      if (taken >= offset + life.bytes) break;
      offset = taken + other.bytes;
    }
    plan.slots[static_cast<size_t>(life.slot)].offset = offset;
    const auto by_offset = [&](const Life& a, const Life& b) {
      return plan.slot(a.slot).offset < plan.slot(b.slot).offset;
    };
    placed.insert(std::ranges::upper_bound(placed, life, by_offset), life);
    plan.arena_bytes = std::max(plan.arena_bytes, offset + life.bytes);
  }
  lay_out_shards(plan);
}

void lay_out(Plan& plan) {
  plan.arena_bytes = 0;
  for (const Life& life : Lives(plan).all()) {
    plan.slots[static_cast<size_t>(life.slot)].offset = plan.arena_bytes;
    plan.arena_bytes += life.bytes;
  }
  lay_out_shards(plan);
}

}  // namespace cornu::inline v0
