#include "cornu/core/team.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "cornu/core/cpus.h"
#include "cornu/core/error.h"
#include "cornu/core/float_mode.h"

namespace cornu::inline v0 {
namespace {

constexpr int kMostThreads = 65'535;
constexpr uint32_t kMembersMask = 0xFFFF;
constexpr uint32_t kNextRun = 0x10000;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Waits until `value` is no longer `old`: first with `spins` reads, then asleep.
template <class T>
void wait_while(const std::atomic<T>& value, T old, int spins) {
  for (int i = 0; i < spins; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
    pause();
  }
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

// About 50 µs of spinning, with a pause of some tens of cycles between reads. With more threads
// than CPUs there is no spinning: the thread that is waited for may need this CPU.
int spins_for(int size) {
  return size <= usable_cpus().cpus ? 4000 : 0;
}

// The number of forks that lead from the process with the first team to this one.
std::atomic<uint64_t> fork_count{0};

uint64_t forks() {
  static const int registered =
      pthread_atfork(nullptr, nullptr, [] { fork_count.fetch_add(1, std::memory_order_relaxed); });
  static_cast<void>(registered);
  return fork_count.load(std::memory_order_relaxed);
}

}  // namespace

struct Team::Threads {
  std::vector<std::thread> list;
};

int default_threads() {
  return usable_cpus().threads();
}

Team::Team(int size, Sizing sizing)
    : size_(size), sizing_(sizing), spins_(spins_for(size)), forks_(forks()) {
  if (size < 1 || size > kMostThreads) {
    throw Error({.where = "Team",
                 .expected = "1 … " + std::to_string(kMostThreads) + " threads",
                 .found = std::to_string(size)});
  }
  start();
}

// If the system refuses a thread, or memory for one, the team consists of those it has.
void Team::start() {
  const uint32_t seen = order_.load(std::memory_order_relaxed);
  threads_ = std::make_unique<Threads>();
  threads_->list.reserve(static_cast<size_t>(size_ - 1));
  try {
    for (int index = 1; index < size_; ++index) {
      threads_->list.emplace_back([this, index, seen] { work(index, seen); });
    }
    return;
  } catch (const std::system_error&) {
  } catch (const std::bad_alloc&) {
  }
  size_ = static_cast<int>(threads_->list.size()) + 1;
}

// A forked child has its parent's memory but none of its threads, so they are started anew. The old
// handles can be neither joined nor destroyed; they are kept unused. False while another thread of
// the child does the same.
bool Team::has_threads_here() {
  const uint64_t now = forks();
  if (forks_.load(std::memory_order_acquire) == now) return true;
  if (starting_.test_and_set(std::memory_order_acquire)) return false;
  static auto* const of_parents = new std::vector<std::unique_ptr<Threads>>();
  of_parents->push_back(std::move(threads_));
  order_.store(0, std::memory_order_relaxed);
  running_.store(0, std::memory_order_relaxed);
  arrived_.store(0, std::memory_order_relaxed);
  start();
  busy_.clear(std::memory_order_relaxed);
  forks_.store(now, std::memory_order_release);
  starting_.clear(std::memory_order_release);
  return true;
}

Team::~Team() {
  if (forks_.load(std::memory_order_relaxed) != forks()) {
    static_cast<void>(threads_.release());
    return;
  }
  ending_.store(true, std::memory_order_release);
  order_.fetch_add(kNextRun, std::memory_order_release);
  order_.notify_all();
  for (std::thread& thread : threads_->list) thread.join();
}

void Team::Member::barrier() {
  if (count_ == 1) return;
  const uint32_t phase = team_->phase_.load(std::memory_order_relaxed);
  if (team_->arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == count_) {
    team_->arrived_.store(0, std::memory_order_relaxed);
    team_->phase_.store(phase + 1, std::memory_order_release);
    team_->phase_.notify_all();
  } else if (team_->phase_.load(std::memory_order_acquire) == phase) {
    // Only a member that has to wait reads the clock.
    const auto begin = std::chrono::steady_clock::now();
    wait_while(team_->phase_, phase, team_->spins_);
    waited_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
}

void Team::run_erased(int wanted, Call call, const void* body) {
  const FloatMode mode;
  const int members = std::min(wanted, size_);
  // A child may get fewer threads than its parent had.
  const bool may_run = members > 1 && has_threads_here() && members <= size_;
  if (!may_run || busy_.test_and_set(std::memory_order_acquire)) {
    Member alone(this, 0, 1);
    call(body, alone);
    last_members_.store(1, std::memory_order_relaxed);
    return;
  }
  call_ = call;
  body_ = body;
  running_.store(members - 1, std::memory_order_relaxed);
  const uint32_t runs = order_.load(std::memory_order_relaxed) & ~kMembersMask;
  order_.store((runs + kNextRun) | static_cast<uint32_t>(members), std::memory_order_release);
  order_.notify_all();
  Member first(this, 0, members);
  call(body, first);
  for (int left = running_.load(std::memory_order_acquire); left != 0;
       left = running_.load(std::memory_order_acquire)) {
    wait_while(running_, left, spins_);
  }
  last_members_.store(members, std::memory_order_relaxed);
  busy_.clear(std::memory_order_release);
}

void Team::work(int index, uint32_t seen) {
  const FloatMode mode;
  for (;;) {
    wait_while(order_, seen, spins_);
    seen = order_.load(std::memory_order_acquire);
    if (ending_.load(std::memory_order_acquire)) return;
    const int members = static_cast<int>(seen & kMembersMask);
    if (index >= members) continue;
    Member member(this, index, members);
    call_(body_, member);
    running_.fetch_sub(1, std::memory_order_release);
    running_.notify_one();
  }
}

std::shared_ptr<Team> process_team() {
  static const auto team = std::make_shared<Team>(default_threads(), Sizing::elastic);
  return team;
}

}  // namespace cornu::inline v0
