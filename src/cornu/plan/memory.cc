// Places slots in the arena. Members of a team run between two barriers at the same time, so a slot
// lives from barrier to barrier; with one member, from op to op.

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
  int64_t offset = 0;
};

// The bytes of one copy, whole cache lines, so that members do not share any.
int64_t bytes_of(const Plan& plan, const Schedule& schedule, SlotId id) {
  const Slot& slot = plan.slot(id);
  int64_t size = plan.size(id, plan.capacity);
  if (schedule.place(id).sharded) {
    size = slot.shape[0] * widest_share(slot.shape[1], schedule.members);
  }
  const int64_t bytes = size * static_cast<int64_t>(itemsize(slot.dtype));
  return (bytes + kLine - 1) / kLine * kLine;
}

// Weights and states lie in the model's memory.
bool lies_in_arena(const Slot& slot) {
  return slot.base == kNone &&
         (slot.kind == SlotKind::activation || slot.kind == SlotKind::gradient);
}

class Lives {
 public:
  Lives(const Plan& plan, const Schedule& schedule) : plan_(plan), schedule_(schedule) {
    int64_t interval = 0;
    for (const Op& op : schedule.ops) {
      if (op.barrier) ++interval;
      intervals_.push_back(interval);
    }
    last_ = interval + (schedule.barrier_at_end ? 1 : 0);
    const auto is_step = [](const Op& op) { return op.phase != Phase::prepare; };
    const auto first = std::ranges::find_if(schedule.ops, is_step);
    wraps_ = schedule.members > 1 && first != schedule.ops.end() && !first->barrier;
  }

  /// The lives of the slots that members share and some op touches.
  std::vector<Life> all() const {
    const Uses uses(plan_, schedule_.ops);
    std::vector<Life> lives;
    for (size_t i = 0; i < plan_.slots.size(); ++i) {
      const auto id = static_cast<SlotId>(i);
      if (!lies_in_arena(plan_.slot(id))) continue;
      std::vector<size_t> at = uses.writers(id);
      at.insert(at.end(), uses.readers(id).begin(), uses.readers(id).end());
      if (at.empty()) continue;
      const auto [first, last] = std::ranges::minmax(at);
      const int copies = schedule_.place(id).copies;
      Life life{id, moment(first), moment(last), bytes_of(plan_, schedule_, id) * copies};
      if (copies > 1) life.begin = 0;
      if (copies > 1 || uses.is_result(id)) life.end = last_moment();
      lives.push_back(life);
    }
    return lives;
  }

  bool meet(const Life& a, const Life& b) const {
    if (a.begin <= b.end && b.begin <= a.end) return true;
    // The first interval of a step runs at the same time as the last one of the step before.
    return wraps_ &&
           ((a.begin == 0 && b.end == last_moment()) || (b.begin == 0 && a.end == last_moment()));
  }

 private:
  int64_t last_moment() const {
    return schedule_.members > 1 ? last_ : static_cast<int64_t>(schedule_.ops.size());
  }
  int64_t moment(size_t op) const {
    return schedule_.members > 1 ? intervals_[op] : static_cast<int64_t>(op);
  }

  const Plan& plan_;
  const Schedule& schedule_;
  std::vector<int64_t> intervals_;
  int64_t last_ = 0;
  bool wraps_ = false;
};

// Lays a member's columns of one slot after those of another, as all of them live throughout.
void lay_out_shards(const Plan& plan, Schedule& schedule) {
  schedule.member_bytes = 0;
  for (size_t i = 0; i < schedule.places.size(); ++i) {
    SlotPlace& place = schedule.places[i];
    if (!place.sharded) continue;
    place.offset = schedule.member_bytes;
    schedule.member_bytes += bytes_of(plan, schedule, static_cast<SlotId>(i));
  }
}

}  // namespace

// Places the largest slot first, each at the lowest offset that is free while it lives.
void share_memory(const Plan& plan, Schedule& schedule) {
  const Lives lives(plan, schedule);
  std::vector<Life> by_size = lives.all();
  std::ranges::stable_sort(by_size, [](const Life& a, const Life& b) { return a.bytes > b.bytes; });
  std::vector<Life> placed;  // by offset
  schedule.arena_bytes = 0;
  for (Life& life : by_size) {
    for (const Life& other : placed) {
      if (other.offset + other.bytes <= life.offset || !lives.meet(life, other)) continue;
      if (other.offset >= life.offset + life.bytes) break;
      life.offset = other.offset + other.bytes;
    }
    schedule.place(life.slot).offset = life.offset;
    placed.insert(std::ranges::upper_bound(placed, life.offset, {}, &Life::offset), life);
    schedule.arena_bytes = std::max(schedule.arena_bytes, life.offset + life.bytes);
  }
  lay_out_shards(plan, schedule);
}

void lay_out(const Plan& plan, Schedule& schedule) {
  schedule.arena_bytes = 0;
  for (const Life& life : Lives(plan, schedule).all()) {
    schedule.place(life.slot).offset = schedule.arena_bytes;
    schedule.arena_bytes += life.bytes;
  }
  lay_out_shards(plan, schedule);
}

}  // namespace cornu::inline v0
