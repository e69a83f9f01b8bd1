#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// The number of threads a team has by default: one per core that this process may use by its
/// affinity, no more than its cgroup's CPU quota, at least 1.
CORNU_API int default_threads();

/// The number of members of a team that run the steps of a fit, an evaluation or a large
/// prediction. No choice changes a bit of a result.
enum class Sizing {
  fixed,    ///< all of them
  elastic,  ///< the number that makes steps fastest while other processes use the CPUs too
  drawn,    ///< a random number, drawn anew for every step: for tests
};

/// The threads that run a plan. The caller is member 0; the others wait in between, spinning a
/// while and then asleep. A result has the same bits for any number of members.
/// Any thread may use a team at any time; a thread that finds it busy runs alone. In a forked child
/// a team starts its threads anew at its first use.
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

  /// The number of members: fewer than requested if the system refused a thread.
  int size() const { return size_; }
  Sizing sizing() const { return sizing_; }
  /// The number of members in the last finished run; 1 if it found the team busy.
  int last_members() const { return last_members_.load(std::memory_order_relaxed); }
  /// The only member of a run without a team.
  static Member alone() { return {nullptr, 0, 1}; }

  /// Calls body(Member&) on `members` threads (1 … size()) and returns when all have returned.
  /// If the team is busy, the caller runs alone. `body` must not throw.
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
  // The number of the run (high 16 bits) and of its members (low 16). One word, since no run waits
  // for a thread without a part in it: that thread may read this only when the next run begins.
  alignas(128) std::atomic<uint32_t> order_{0};
  alignas(128) std::atomic<int> running_{0};
  alignas(128) std::atomic<int> arrived_{0};
  alignas(128) std::atomic<uint32_t> phase_{0};
  std::atomic<bool> ending_{false};
  std::atomic<int> last_members_{0};
  std::atomic_flag starting_;
  std::atomic<uint64_t> forks_;  ///< forks() when the threads were started
  struct Threads;
  std::unique_ptr<Threads> threads_;
};

/// The process's own team, made at first use: default_threads(), elastic.
CORNU_API std::shared_ptr<Team> process_team();

}  // namespace cornu::inline v0
