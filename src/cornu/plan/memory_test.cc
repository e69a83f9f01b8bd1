#include <gtest/gtest.h>

#include "cornu/plan/plans_test.h"
#include "cornu/plan/share.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace memory_test {

Graph deep_graph() {
  Graph graph;
  auto at = graph.add(Flatten(), {graph.add_input({5, 4})});
  for (int layer = 0; layer < 6; ++layer) {
    at = graph.add(Dense({.units = 64, .activation = "tanh"}), at);
  }
  graph.set_outputs(graph.add(Dense({.units = 3, .activation = "softmax"}), at));
  graph.build(0);
  return graph;
}

struct Extent {
  int64_t begin, end;
  size_t first, last;  ///< ops that touch it
  bool own;            ///< every member has one
};

std::vector<Extent> extents_of(const Plan& plan, const Schedule& schedule) {
  const Uses uses(plan, schedule.ops);
  std::vector<Extent> extents;
  for (size_t i = 0; i < plan.slots.size(); ++i) {
    const Slot& slot = plan.slots[i];
    const SlotPlace& place = schedule.places[i];
    if (place.offset < 0 || slot.base != kNone) continue;
    EXPECT_EQ(place.offset % 64, 0);
    std::vector<size_t> at = uses.writers(static_cast<SlotId>(i));
    const auto& readers = uses.readers(static_cast<SlotId>(i));
    at.insert(at.end(), readers.begin(), readers.end());
    const auto [first, last] = std::ranges::minmax(at);
    const bool is_own = place.sharded;
    const int64_t bytes = (is_own ? slot.shape[0] * widest_share(slot.shape[1], schedule.members)
                                  : slot.shape.size(plan.capacity)) *
                          static_cast<int64_t>(itemsize(slot.dtype));
    extents.push_back({place.offset, place.offset + bytes * place.copies, first,
                       uses.is_result(static_cast<SlotId>(i)) ? schedule.ops.size() : last,
                       is_own});
    EXPECT_LE(extents.back().end, is_own ? schedule.member_bytes : schedule.arena_bytes);
  }
  return extents;
}

TEST(Memory, SlotsThatLiveAtTheSameTimeDoNotOverlap) {
  for (int members : {1, 2, 4}) {
    const Plan plan = improve(plan_of(deep_graph(), Mode::training));
    const auto places = extents_of(plan, make_schedule(plan, members));
    ASSERT_GT(places.size(), 10U);
    for (size_t i = 0; i < places.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        const Extent& a = places[i];
        const Extent& b = places[j];
        if (a.own != b.own || a.first > b.last || b.first > a.last) continue;
        EXPECT_TRUE(a.end <= b.begin || b.end <= a.begin) << members << " members";
      }
    }
  }
}

TEST(Memory, MembersThatAreNotAtTheSameStepDoNotWriteOverEachOther) {
  // Between two barriers a member may be at any op, and after the last one also in the next step.
  for (int members : {2, 4}) {
    // Without fused activations, some slots live only at the beginning of a step.
    const std::string without[] = {"fuse_activation"};
    const Plan plan = improve(plan_of(deep_graph(), Mode::training), without);
    const Schedule schedule = make_schedule(plan, members);
    std::vector<int> interval;
    int barriers = 0;
    for (const Op& op : schedule.ops) interval.push_back(barriers += op.barrier ? 1 : 0);
    ASSERT_FALSE(schedule.barrier_at_end);
    ASSERT_FALSE(schedule.ops[1].barrier);  // the first after adam_step: steps overlap
    const auto touches = [&](const Extent& place, int at) {
      return interval[place.first] <= at &&
             at <= interval[std::min(place.last, schedule.ops.size() - 1)];
    };
    const auto places = extents_of(plan, schedule);
    for (size_t i = 0; i < places.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        const Extent& a = places[i];
        const Extent& b = places[j];
        if (a.own || b.own) continue;
        bool meet =
            (touches(a, 0) && touches(b, barriers)) || (touches(b, 0) && touches(a, barriers));
        for (int at = 0; at <= barriers; ++at) meet = meet || (touches(a, at) && touches(b, at));
        EXPECT_TRUE(!meet || a.end <= b.begin || b.end <= a.begin) << members << " members";
      }
    }
  }
}

TEST(Memory, SharingSavesMemoryAndWithoutItNoSlotsOverlap) {
  const Plan plan = improve(plan_of(deep_graph(), Mode::training));
  const std::string without[] = {"share_memory"};
  const Schedule apart = make_schedule(plan, 1, without);
  const Schedule shared = make_schedule(plan, 1);
  EXPECT_LT(shared.arena_bytes * 10, apart.arena_bytes * 9);
  auto places = extents_of(plan, apart);
  std::erase_if(places, [](const Extent& place) { return place.own; });
  std::ranges::sort(places, {}, &Extent::begin);
  for (size_t i = 1; i < places.size(); ++i) EXPECT_LE(places[i - 1].end, places[i].begin);
}

TEST(Memory, MembersNeverShareACacheLine) {
  const Plan plan = improve(plan_of(deep_graph(), Mode::training));
  const Schedule schedule = make_schedule(plan, 3);
  EXPECT_EQ(schedule.arena_bytes % 64, 0);
  EXPECT_EQ(schedule.member_bytes % 64, 0);
  EXPECT_GT(schedule.member_bytes, 0);
}

}  // namespace memory_test
}  // namespace cornu::inline v0
