// Where slots lie. Members of a team run between two barriers at the same time, so a slot lives
// from barrier to barrier; one that every member has its own of lives from op to op.

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

// Whether every member has one.
bool is_own(const Slot& slot) {
  return slot.replicated || slot.sharded;
}

bool lies_in_arena(const Slot& slot) {
  if (slot.base != kNone || slot.kind == SlotKind::input) return false;
  // Weights and states are the model's, but members have replicas and columns of their own.
  return slot.kind == SlotKind::activation || slot.kind == SlotKind::gradient || is_own(slot);
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

  /// The lives of the slots that some op touches, shared ones or replicas.
  std::vector<Life> of(bool replicas) const {
    const Uses uses(plan_);
    std::vector<Life> lives;
    for (size_t i = 0; i < plan_.slots.size(); ++i) {
      const auto id = static_cast<SlotId>(i);
      const Slot& slot = plan_.slot(id);
      if (!lies_in_arena(slot) || is_own(slot) != replicas) continue;
      std::vector<size_t> at = uses.writers(id);
      at.insert(at.end(), uses.readers(id).begin(), uses.readers(id).end());
      if (at.empty()) continue;
      const auto [first, last] = std::ranges::minmax(at);
      Life life{id, moment(first, replicas), moment(last, replicas),
                bytes_of(plan_, slot) * slot.copies};
      if (uses.is_result(id)) life.end = replicas ? end_of_ops() : last_moment();
      const bool outlives = slot.kind == SlotKind::weight || slot.kind == SlotKind::state;
      if (outlives || slot.copies > 1) {
        life.begin = 0;
        life.end = replicas ? end_of_ops() : last_moment();
      }
      lives.push_back(life);
    }
    return lives;
  }

  bool meet(const Life& a, const Life& b, bool replicas) const {
    if (a.begin <= b.end && b.begin <= a.end) return true;
    if (replicas || !wraps_) return false;
    // The first interval of a step runs beside the last of the step before.
    return (a.begin == 0 && b.end == last_moment()) || (b.begin == 0 && a.end == last_moment());
  }

 private:
  int64_t end_of_ops() const { return static_cast<int64_t>(plan_.ops.size()); }
  int64_t last_moment() const { return plan_.members > 1 ? last_ : end_of_ops(); }
  int64_t moment(size_t op, bool replicas) const {
    return replicas || plan_.members == 1 ? static_cast<int64_t>(op) : intervals_[op];
  }

  const Plan& plan_;
  std::vector<int64_t> intervals_;
  int64_t last_ = 0;
  bool wraps_ = false;
};

/// The largest first, each at the lowest place that is free while it lives. Returns the bytes.
int64_t place(Plan& plan, const Lives& all, bool replicas) {
  std::vector<Life> lives = all.of(replicas);
  std::ranges::stable_sort(lives, [](const Life& a, const Life& b) { return a.bytes > b.bytes; });
  std::vector<Life> placed;  // by offset
  int64_t end = 0;
  for (const Life& life : lives) {
    int64_t offset = 0;
    for (const Life& other : placed) {
      const int64_t taken = plan.slot(other.slot).offset;
      if (!all.meet(life, other, replicas) || taken + other.bytes <= offset) continue;
      if (taken >= offset + life.bytes) break;
      offset = taken + other.bytes;
    }
    plan.slots[static_cast<size_t>(life.slot)].offset = offset;
    const auto by_offset = [&](const Life& a, const Life& b) {
      return plan.slot(a.slot).offset < plan.slot(b.slot).offset;
    };
    placed.insert(std::ranges::upper_bound(placed, life, by_offset), life);
    end = std::max(end, offset + life.bytes);
  }
  return end;
}

}  // namespace

void share_memory(Plan& plan) {
  const Lives lives(plan);
  plan.arena_bytes = place(plan, lives, false);
  plan.member_bytes = place(plan, lives, true);
}

void lay_out(Plan& plan) {
  const Lives lives(plan);
  for (const bool replicas : {false, true}) {
    int64_t& end = replicas ? plan.member_bytes : plan.arena_bytes;
    end = 0;
    for (const Life& life : lives.of(replicas)) {
      plan.slots[static_cast<size_t>(life.slot)].offset = end;
      end += life.bytes;
    }
  }
}

}  // namespace cornu::inline v0
