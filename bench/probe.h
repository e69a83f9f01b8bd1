#pragma once

// Measures the current speed of the machine, which is printed with every result.

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/team.h"
#include "cpu_model.h"
#include "fma_peak.h"
#include "memory_probe.h"
#include "threads.h"

namespace cornu::bench {

/// One measurement of the machine. Rates per second; times in seconds; 0 where it was not possible.
struct Probe {
  CpuModel cpu = {};
  int threads = 1;
  double clock = 0;        ///< under multiply-adds, in Hz
  double clock_alone = 0;  ///< under integer multiplications only
  double peak = 0;         ///< float32 FLOP/s of one thread: the best slice
  double usual_peak = 0;   ///< the median slice
  double team_peak = 0;    ///< of `threads` threads together
  double team_rate = 0;    ///< the same per second of each thread's own CPU time
  int64_t l2_bytes = 0;
  double l2_bandwidth = 0;                            ///< one thread reading half the L2
  double bounce = 0;                                  ///< a cache line from one CPU to another
  std::vector<std::pair<int, double>> barriers = {};  ///< members, seconds
  double steal = 0;    ///< the part of the time of all CPUs that the hypervisor took
  double seconds = 0;  ///< duration of the probe

  /// FLOP/s that clock and pipes allow one thread; 0 where the pipes are not known.
  double allowed() const { return clock * cpu.flop_per_cycle(); }
  /// Empty when trusted: the one-thread peak reached 90 % of what clock and pipes allow.
  std::string distrust() const {
    if (cpu.pipes == 0) return "this CPU is unknown: " + cpu.why_unknown;
    if (clock == 0) return "the clock could not be measured";
    if (clock < 0.55 * clock_alone) return "the clock under load could not be measured";
    const double reached = peak / allowed();
    char text[128];
    std::snprintf(text, sizeof text, "the peak is %.0f %% of what clock and pipes allow",
                  100 * reached);
    // A peak above the limit means that the clock or the table is wrong.
    return reached >= 0.9 && reached <= 1.05 ? std::string() : std::string(text);
  }
  bool trusted() const { return distrust().empty(); }
  /// Whether the CPUs are cores or siblings of one core, judged by the rate of all threads. Other
  /// processes on this system do not change that rate; neighbours on the other half of a core do.
  std::string cpus_are() const {
    if (threads == 1) return "one CPU";
    const double each = team_rate / peak / threads;
    if (each >= 0.9) return std::to_string(threads) + " cores";
    if (each > 0.6) return "between cores and siblings: neighbours or a limit of power";
    return threads == 2 ? "siblings of one core" : "siblings, or fewer cores than CPUs";
  }
  /// Whether another process ran at the same time, which makes figures of all threads unreliable.
  bool busy() const { return threads > 1 && team_peak < 0.9 * team_rate; }
};

/// Ticks of all CPUs since the system began, and those stolen (proc(5)).
struct Ticks {
  double all = 0, stolen = 0;
};
inline Ticks cpu_ticks() {
  std::ifstream file("/proc/stat");
  std::string word;
  file >> word;
  Ticks sums;
  double ticks = 0;
  for (int field = 0; field < 8 && file >> ticks; ++field) {
    sums.all += ticks;
    if (field == 7) sums.stolen = ticks;
  }
  return sums;
}

/// The one-thread figures. Slices with and without the chain that measures the clock alternate, so
/// both see the same neighbours.
inline void probe_thread(Probe& probe) {
  const int64_t rounds = 200'000;
  std::vector<double> rates;
  for (int slice = 0; slice < 80; ++slice) {
    Chains done;
    const double plain = seconds_of([&] { done = fma_chains(rounds); });
    rates.push_back(done.flops / plain);
    const double clocked = seconds_of(
        [&] { done = probe.cpu.pipes == 1 ? fma_chains<12>(rounds) : fma_chains<6>(rounds); });
    probe.clock = std::max(probe.clock, done.chain_cycles / clocked);
#if defined(__x86_64__)
    if (slice % 4 == 0) {
      const double alone = seconds_of([&] { done = multiply_chain(rounds); });
      probe.clock_alone = std::max(probe.clock_alone, done.chain_cycles / alone);
    }
#endif
  }
  std::sort(rates.begin(), rates.end());
  probe.peak = rates.back();
  probe.usual_peak = rates[rates.size() / 2];
}

/// Seconds for which this thread has run.
inline double own_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// The largest rate of all CPUs together: each thread counts its work until the first thread has
/// done its share.
inline void probe_team(Probe& probe, const std::vector<int>& cpus) {
  for (int attempt = 0; attempt < 12; ++attempt) {
    std::vector<double> peaks(cpus.size()), rates(cpus.size());
    std::atomic<bool> ended{false};
    run_pinned(cpus, [&](size_t index) {
      double flops = 0;
      const double own_begin = own_seconds();
      const double seconds = seconds_of([&] {
        for (int slice = 0; slice < 40 && !ended.load(std::memory_order_relaxed); ++slice) {
          flops += fma_chains(50'000).flops;
        }
      });
      ended.store(true, std::memory_order_relaxed);
      peaks[index] = flops / seconds;
      rates[index] = flops / (own_seconds() - own_begin);
    });
    probe.team_peak = std::max(probe.team_peak, std::accumulate(peaks.begin(), peaks.end(), 0.0));
    probe.team_rate = std::max(probe.team_rate, std::accumulate(rates.begin(), rates.end(), 0.0));
  }
}

/// Seconds of a barrier of `members` members of the team that runs plans.
inline double barrier_seconds(Team& team, int members) {
  constexpr int kBarriers = 500;
  constexpr double kLongest = 0.1;  // A busy machine takes a thousand times as long.
  double best = 1, spent = 0;
  for (int attempt = 0; attempt < 40 && spent < kLongest; ++attempt) {
    double seconds = 0;
    team.run(members, [&](Team::Member& member) {
      member.barrier();
      const double all = seconds_of([&] {
        for (int i = 0; i < kBarriers; ++i) member.barrier();
      });
      if (member.index() == 0) seconds = all;
    });
    best = std::min(best, seconds / kBarriers);
    spent += seconds;
  }
  return best;
}

/// Measures the machine for about a second.
inline Probe probe() {
  Probe probe;
  const auto ticks_before = cpu_ticks();
  probe.seconds = seconds_of([&] {
    probe.cpu = cpu_model();
    probe.threads = default_threads();
    std::vector<int> cpus = allowed_cpus();
    if (static_cast<int>(cpus.size()) > probe.threads) {
      cpus.resize(static_cast<size_t>(probe.threads));
    }
    probe_thread(probe);
    probe_team(probe, cpus);
    probe.l2_bytes = cache_bytes(2);
    probe.l2_bandwidth = read_bandwidth((probe.l2_bytes == 0 ? 1 << 20 : probe.l2_bytes) / 2);
    if (cpus.size() > 1) {
      probe.bounce = line_bounce(cpus[0], cpus[1]);
      Team team(probe.threads);
      for (int members = 2; members <= probe.threads; members += members < 8 ? 1 : members) {
        probe.barriers.emplace_back(members, barrier_seconds(team, members));
      }
      if (probe.barriers.back().first != probe.threads) {
        probe.barriers.emplace_back(probe.threads, barrier_seconds(team, probe.threads));
      }
    }
  });
  const auto ticks_after = cpu_ticks();
  if (ticks_after.all > ticks_before.all) {
    probe.steal = (ticks_after.stolen - ticks_before.stolen) / (ticks_after.all - ticks_before.all);
  }
  return probe;
}

/// Measures at most `attempts` times, until a result can be trusted.
inline Probe trusted_probe(int attempts = 5) {
  Probe last = probe();
  for (int attempt = 1; attempt < attempts && !last.trusted(); ++attempt) last = probe();
  return last;
}

/// The probe as text, one line per fact.
inline void print(const Probe& p, std::FILE* to = stdout) {
  std::fprintf(to, "cpu          %s (family %d, model %d), %d thread%s\n", p.cpu.name.c_str(),
               p.cpu.family, p.cpu.model, p.threads, p.threads == 1 ? "" : "s");
  if (p.clock > 0) {
    std::fprintf(to, "clock        %.2f GHz under multiply-adds, %.2f without\n", p.clock / 1e9,
                 p.clock_alone / 1e9);
  }
  std::fprintf(to, "FMA peak     1 thread %.1f GFLOP/s (median slice %.1f)", p.peak / 1e9,
               p.usual_peak / 1e9);
  if (p.allowed() > 0) {
    std::fprintf(to, " = %.0f %% of %.2f GHz x %d pipe%s x %d bits", 100 * p.peak / p.allowed(),
                 p.clock / 1e9, p.cpu.pipes, p.cpu.pipes == 1 ? "" : "s", p.cpu.vector_bits);
  }
  std::fprintf(to, "\n");
  if (p.threads > 1) {
    std::fprintf(to, "             %d threads %.1f GFLOP/s = %.2f of one: %s%s\n", p.threads,
                 p.team_peak / 1e9, p.team_peak / p.peak, p.cpus_are().c_str(),
                 p.busy() ? ", busy with something else" : "");
  }
  std::fprintf(to, "L2           %lld KiB, half of it read at %.1f GB/s",
               static_cast<long long>(p.l2_bytes >> 10), p.l2_bandwidth / 1e9);
  if (p.clock_alone > 0) {
    std::fprintf(to, " = %.0f bytes per cycle", p.l2_bandwidth / p.clock_alone);
  }
  std::fprintf(to, "\n");
  if (p.threads > 1) {
    std::fprintf(to, "cache line   %.0f ns from CPU to CPU\nbarrier     ", p.bounce * 1e9);
    for (const auto& [members, seconds] : p.barriers) {
      std::fprintf(to, " %d members %.0f ns;", members, seconds * 1e9);
    }
    std::fprintf(to, "\n");
  }
  std::fprintf(to, "steal        %.1f %% over %.1f s\n", 100 * p.steal, p.seconds);
  if (p.trusted()) {
    std::fprintf(to, "probe trusted\n");
  } else {
    std::fprintf(to, "probe not trusted: %s\n", p.distrust().c_str());
  }
}

/// The probe as one JSON object, in units of the SI.
inline void print_json(const Probe& p, std::FILE* to = stdout) {
  // No text from CPUID or the table contains a quote or a backslash.
  std::fprintf(to,
               "{\"cpu\": \"%s\", \"family\": %d, \"model\": %d, \"vector_bits\": %d, "
               "\"pipes\": %d, \"threads\": %d, \"clock\": %.4g, \"clock_alone\": %.4g, "
               "\"peak\": %.5g, \"usual_peak\": %.5g, \"allowed\": %.5g, \"team_peak\": %.5g, "
               "\"team_rate\": %.5g, \"busy\": %s, "
               "\"cpus\": \"%s\", \"l2_bytes\": %lld, \"l2_bandwidth\": %.5g, \"bounce\": %.3g, "
               "\"barriers\": {",
               p.cpu.name.c_str(), p.cpu.family, p.cpu.model, p.cpu.vector_bits, p.cpu.pipes,
               p.threads, p.clock, p.clock_alone, p.peak, p.usual_peak, p.allowed(), p.team_peak,
               p.team_rate, p.busy() ? "true" : "false", p.cpus_are().c_str(),
               static_cast<long long>(p.l2_bytes), p.l2_bandwidth, p.bounce);
  const char* separator = "";
  for (const auto& [members, seconds] : p.barriers) {
    std::fprintf(to, "%s\"%d\": %.3g", std::exchange(separator, ", "), members, seconds);
  }
  std::fprintf(to,
               "}, \"steal\": %.4f, \"seconds\": %.2f, \"trusted\": %s, \"distrust\": \"%s\"}\n",
               p.steal, p.seconds, p.trusted() ? "true" : "false", p.distrust().c_str());
}

}  // namespace cornu::bench
