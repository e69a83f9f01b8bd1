#include "cornu/core/team.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
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

TEST(Team, BarriersOrderTheWritesOfMembers) {
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

TEST(Team, ACallOnABusyTeamRunsAlone) {
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

// The exit status of a forked child that runs `body`; -1 if a signal, such as its alarm, ended it.
template <class Body>
int exit_status_of_child(const Body& body) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    _exit(body());
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int members_that_ran(Team& team, int members) {
  std::atomic<int> ran{0};
  team.run(members, [&](Team::Member& member) {
    member.barrier();
    ++ran;
  });
  return ran;
}

#if defined(__SANITIZE_THREAD__)
#define CORNU_SKIP_WITHOUT_FORK() GTEST_SKIP() << "no threads after a fork under this sanitizer"
#else
#define CORNU_SKIP_WITHOUT_FORK()
#endif

TEST(Team, RunsInAForkedChildToo) {
  CORNU_SKIP_WITHOUT_FORK();
  Team team(3);
  EXPECT_EQ(members_that_ran(team, 3), 3);
  EXPECT_EQ(exit_status_of_child([&] {
              const int first = members_that_ran(team, 3);
              return first == 3 && members_that_ran(team, 2) == 2 ? 0 : 1;
            }),
            0);
  // In a child of the child as well; the parent's team still works.
  EXPECT_EQ(exit_status_of_child([&] {
              return exit_status_of_child([&] { return members_that_ran(team, 3) == 3 ? 0 : 1; });
            }),
            0);
  EXPECT_EQ(members_that_ran(team, 3), 3);
}

TEST(Team, AForkedChildMayDestroyIt) {
  CORNU_SKIP_WITHOUT_FORK();
  auto team = std::make_unique<Team>(3);
  members_that_ran(*team, 3);
  EXPECT_EQ(exit_status_of_child([&] {
              team.reset();
              return 0;
            }),
            0);
  // After it was used there, too.
  EXPECT_EQ(exit_status_of_child([&] {
              const int ran = members_that_ran(*team, 3);
              team.reset();
              return ran == 3 ? 0 : 1;
            }),
            0);
}

TEST(Team, HasAsManyThreadsAsTheSystemAllows) {
  CORNU_SKIP_WITHOUT_FORK();
  EXPECT_EQ(exit_status_of_child([] {
              // Root may have any number of processes; a user may have this one.
              constexpr uid_t kNobody = 65534;
              if (getuid() == 0 && (setgroups(0, nullptr) != 0 || setuid(kNobody) != 0)) return 2;
              const rlimit one = {1, 1};
              if (setrlimit(RLIMIT_NPROC, &one) != 0) return 3;
              Team team(4);
              return team.size() == 1 && members_that_ran(team, 4) == 1 ? 0 : 1;
            }),
            0);
}

TEST(Team, MembersThatWaitSayForHowLong) {
  Team team(2);
  double waited = 0;
  team.run(2, [&](Team::Member& member) {
    if (member.index() == 1) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    member.barrier();
    if (member.index() == 0) waited = member.waited();
  });
  EXPECT_GE(waited, 0.01);
}

}  // namespace team_test
}  // namespace cornu::inline v0
