#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// CPUs this process may use: its affinity and its cgroup's quota, at least 1.
CORNU_API int default_threads();

/// The threads that run a plan. The caller is member 0; the others wait in between, spinning a
/// while and then asleep. What runs on a team gives the same bits on any number of members.
class CORNU_API Team {
 public:
  /// One thread of a run.
  class Member {
   public:
    int index() const { return index_; }
    int count() const { return count_; }
    /// Returns when every member of the run has called it. Bounded spinning, then sleep.
    void barrier();

   private:
    friend class Team;
    Member(Team* team, int index, int count) : team_(team), index_(index), count_(count) {}
    Team* team_;
    int index_, count_;
  };

  /// Starts `size` - 1 threads. Error when size is outside 1 … 65,535.
  explicit Team(int size = default_threads());
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return size_; }
  /// Members of the run that ended last; 1 where it found the team busy.
  int last_members() const { return last_members_.load(std::memory_order_relaxed); }
  /// The only member of a run without a team.
  static Member alone() { return {nullptr, 0, 1}; }

  /// Calls body(Member&) on `members` threads (1 … size()) and returns when all have returned.
  /// Whoever finds the team busy runs alone. `body` does not throw.
  template <class Body>
  void run(int members, const Body& body) {
    run_erased(
        members, [](const void* b, Member& member) { (*static_cast<const Body*>(b))(member); },
        &body);
  }

 private:
  using Call = void (*)(const void* body, Member&);
  void run_erased(int members, Call call, const void* body);
  void work(int index);

  const int size_;
  const int spins_;
  std::atomic_flag busy_;
  Call call_ = nullptr;
  const void* body_ = nullptr;
  // Which run this is (high 16 bits) and how many members it has (low 16). In one word, since a
  // thread that has no part in a run is not waited for, and may look only when the next begins.
  alignas(128) std::atomic<uint32_t> order_{0};
  alignas(128) std::atomic<int> running_{0};
  alignas(128) std::atomic<int> arrived_{0};
  alignas(128) std::atomic<uint32_t> phase_{0};
  std::atomic<bool> ending_{false};
  std::atomic<int> last_members_{0};
  std::vector<std::thread> threads_;
};

/// The process's own team, made at first use with default_threads().
CORNU_API std::shared_ptr<Team> process_team();

}  // namespace cornu::inline v0
