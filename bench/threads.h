#pragma once

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <thread>
#include <vector>

namespace cornu::bench {

/// The CPUs that this thread may run on.
inline std::vector<int> allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return {0};
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

/// Runs body(index) on one thread per CPU, each pinned there; all start at the same time.
template <class Body>
void run_pinned(const std::vector<int>& cpus, const Body& body) {
  std::atomic<size_t> ready{0};
  std::vector<std::thread> threads;
  for (size_t index = 0; index < cpus.size(); ++index) {
    threads.emplace_back([&, index] {
      cpu_set_t set;
      CPU_ZERO(&set);
      CPU_SET(cpus[index], &set);
      pthread_setaffinity_np(pthread_self(), sizeof set, &set);
      ready.fetch_add(1);
      while (ready.load() < cpus.size()) std::this_thread::yield();
      body(index);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace cornu::bench
