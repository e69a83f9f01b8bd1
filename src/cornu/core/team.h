#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// The number of threads a team has by default: one per core that this process may use by its
/// affinity, no more than its cgroup's CPU quota, at least 1.
CORNU_API int default_threads();

/// How many members of a team the steps of a fit, an evaluation or a large prediction run on. No
/// choice changes a bit of a result.
enum class Sizing {
  fixed,    ///< all of them
  elastic,  ///< as many as make steps fastest while other processes use the CPUs too
  drawn,    ///< another number, drawn at random, at every step: for tests
};

/// The threads that run a plan. The caller is member 0; the others wait in between, spinning a
/// while and then asleep. What runs on a team gives the same bits on any number of members.
/// Any thread may run on a team at any time; one that finds it busy runs alone. In a forked child
/// a team starts its threads anew when it is first used.
class CORNU_API Team {
 public:
  /// One thread of a run.
  class Member {
   public:
    int index() const { return index_; }
    int count() const { return count_; }
    /// Returns when every member of the run has called it. Bounded spinning, then sleep.
    void barrier();
    /// Seconds that this member has waited at barriers in this run.
    double waited() const { return waited_; }

   private:
    friend class Team;
    Member(Team* team, int index, int count) : team_(team), index_(index), count_(count) {}
    Team* team_;
    int index_, count_;
    double waited_ = 0;
  };

  /// Starts `size` - 1 threads, or as many of them as the system allows. Error when size is outside
  /// 1 … 65,535.
  explicit Team(int size = default_threads(), Sizing sizing = Sizing::fixed);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  /// Members there are: fewer than were asked for where the system refused a thread.
  int size() const { return size_; }
  Sizing sizing() const { return sizing_; }
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
  void start();
  bool has_threads_here();
  void work(int index, uint32_t seen);

  int size_;
  const Sizing sizing_;
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
  std::atomic_flag starting_;
  std::atomic<uint64_t> forks_;  ///< of this process when the threads were started
  struct Threads;
  std::unique_ptr<Threads> threads_;
};

/// The process's own team, made at first use: default_threads(), elastic.
CORNU_API std::shared_ptr<Team> process_team();

}  // namespace cornu::inline v0
