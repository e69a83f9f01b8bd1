#include "cornu/core/team.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

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

// Waits until `value` is no longer `old`: `spins` looks first, then asleep.
template <class T>
void wait_while(const std::atomic<T>& value, T old, int spins) {
  for (int i = 0; i < spins; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
    pause();
  }
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

// cgroup v2: "max 100000" or "quota period", in microseconds.
int quota_threads() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return 0;
  char* end = nullptr;
  const double microseconds = std::strtod(quota.c_str(), &end);
  return end == quota.c_str() ? 0 : std::max(1, static_cast<int>(std::ceil(microseconds / period)));
}

// About 50 µs of looking at a pause of some tens of cycles. With more threads than CPUs the one
// that is waited for may need this CPU, so there is no looking at all.
int spins_for(int size) {
  return size <= default_threads() ? 4000 : 0;
}

}  // namespace

int default_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int count = 1;
  if (sched_getaffinity(0, sizeof set, &set) == 0) count = std::max(1, CPU_COUNT(&set));
  const int quota = quota_threads();
  return quota > 0 ? std::min(count, quota) : count;
}

Team::Team(int size) : size_(size), spins_(spins_for(size)) {
  if (size < 1 || size > kMostThreads) {
    throw Error({.where = "Team",
                 .expected = "1 … " + std::to_string(kMostThreads) + " threads",
                 .found = std::to_string(size)});
  }
  for (int index = 1; index < size_; ++index) threads_.emplace_back([this, index] { work(index); });
}

Team::~Team() {
  ending_.store(true, std::memory_order_release);
  order_.fetch_add(kNextRun, std::memory_order_release);
  order_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Team::Member::barrier() {
  if (count_ == 1) return;
  const uint32_t phase = team_->phase_.load(std::memory_order_relaxed);
  if (team_->arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == count_) {
    team_->arrived_.store(0, std::memory_order_relaxed);
    team_->phase_.store(phase + 1, std::memory_order_release);
    team_->phase_.notify_all();
  } else {
    wait_while(team_->phase_, phase, team_->spins_);
  }
}

void Team::run_erased(int wanted, Call call, const void* body) {
  const FloatMode mode;
  const int members = std::min(wanted, size_);
  if (members <= 1 || busy_.test_and_set(std::memory_order_acquire)) {
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

void Team::work(int index) {
  const FloatMode mode;
  uint32_t seen = 0;
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
  static const auto team = std::make_shared<Team>();
  return team;
}

}  // namespace cornu::inline v0
