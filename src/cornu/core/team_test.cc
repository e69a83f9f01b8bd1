#include "cornu/core/team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace team_test {

TEST(Team, EveryMemberRunsOnceOnItsOwnThread) {
  for (int size : {1, 2, 3, 8}) {
    Team team(size);
    for (int round = 0; round < 50; ++round) {
      std::vector<std::atomic<int>> calls(static_cast<size_t>(size));
      std::vector<std::thread::id> threads(static_cast<size_t>(size));
      team.run(size, [&](Team::Member& member) {
        EXPECT_EQ(member.count(), size);
        ++calls[static_cast<size_t>(member.index())];
        threads[static_cast<size_t>(member.index())] = std::this_thread::get_id();
      });
      for (int i = 0; i < size; ++i) EXPECT_EQ(calls[static_cast<size_t>(i)], 1);
      for (int i = 1; i < size; ++i) {
        EXPECT_NE(threads[0], threads[static_cast<size_t>(i)]);
      }
      EXPECT_EQ(team.last_members(), size);
    }
  }
}

TEST(Team, BarriersOrderWhatMembersWrite) {
  for (int size : {2, 4}) {
    Team team(size);
    std::vector<int64_t> written(static_cast<size_t>(size), 0);
    std::atomic<int> wrong{0};
    team.run(size, [&](Team::Member& member) {
      for (int64_t round = 1; round <= 300; ++round) {
        written[static_cast<size_t>(member.index())] = round;
        member.barrier();
        for (int64_t seen : written) wrong += seen == round ? 0 : 1;
        member.barrier();
      }
    });
    EXPECT_EQ(wrong, 0) << size;
  }
}

TEST(Team, FewerMembersThanThreadsMayRun) {
  Team team(4);
  for (int members : {1, 2, 3, 4, 9}) {
    std::atomic<int> calls{0};
    team.run(members, [&](Team::Member& member) {
      ++calls;
      member.barrier();
    });
    EXPECT_EQ(calls, std::min(members, 4));
  }
}

TEST(Team, AThreadWithoutAPartNeverJoinsALaterRunTwice) {
  Team team(4);
  for (int round = 0; round < 2000; ++round) {
    const int members = 2 + round % 3;
    std::atomic<int> calls{0};
    team.run(members, [&](Team::Member& member) { calls += 1 << (8 * member.index()); });
    ASSERT_EQ(calls, members == 2 ? 0x0101 : members == 3 ? 0x010101 : 0x01010101) << round;
  }
}

TEST(Team, WhoeverFindsItBusyRunsAlone) {
  Team team(2);
  std::atomic<int> inner_members{0};
  team.run(2, [&](Team::Member& member) {
    if (member.index() != 0) return;
    team.run(2, [&](Team::Member& inner) { inner_members = inner.count(); });
  });
  EXPECT_EQ(inner_members, 1);
}

TEST(Team, RefusesNoThreadsAndTooMany) {
  EXPECT_THROW(Team(0), Error);
  EXPECT_THROW(Team(65'536), Error);
  EXPECT_GE(default_threads(), 1);
}

}  // namespace team_test
}  // namespace cornu::inline v0
