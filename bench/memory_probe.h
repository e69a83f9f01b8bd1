#pragma once

#include <sys/mman.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "fma_peak.h"
#include "threads.h"

namespace cornu::bench {

/// Bytes of the first CPU's cache of that level that holds data; 0 where the system does not say.
inline int64_t cache_bytes(int level) {
  for (int index = 0; index < 8; ++index) {
    const std::string folder =
        "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/";
    int found = 0;
    std::string type;
    int64_t size = 0;
    char unit = 0;
    std::ifstream(folder + "level") >> found;
    std::ifstream(folder + "type") >> type;
    std::ifstream(folder + "size") >> size >> unit;
    if (found == level && type != "Instruction") return size << (unit == 'M' ? 20 : 10);
  }
  return 0;
}

#if defined(__x86_64__)

__attribute__((target("avx512f"))) inline void read_avx512(const char* from, int64_t size) {
  __m512i sums[4] = {};
  for (int64_t i = 0; i < size; i += 512) {
#pragma GCC unroll 8
    for (int j = 0; j < 8; ++j) {
      sums[j % 4] = _mm512_or_si512(sums[j % 4], _mm512_load_si512(from + i + 64 * j));
    }
  }
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) asm volatile("" : : "v"(sums[j]));
}

__attribute__((target("avx2"))) inline void read_avx2(const char* from, int64_t size) {
  __m256i sums[4] = {};
  for (int64_t i = 0; i < size; i += 256) {
#pragma GCC unroll 8
    for (int j = 0; j < 8; ++j) {
      const auto* at = reinterpret_cast<const __m256i*>(from + i + 32 * j);
      sums[j % 4] = _mm256_or_si256(sums[j % 4], _mm256_load_si256(at));
    }
  }
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) asm volatile("" : : "x"(sums[j]));
}

#endif

inline void read_plain(const char* from, int64_t size) {
  const auto* words = reinterpret_cast<const uint64_t*>(from);
  uint64_t sums[8] = {};
  for (int64_t i = 0; i < size / 8; i += 8) {
    for (int j = 0; j < 8; ++j) sums[j] |= words[i + j];
  }
  for (uint64_t sum : sums) asm volatile("" : : "r"(sum));
}

/// Reads every byte of [from, from + size), size a multiple of 512.
inline void read_all(const char* from, int64_t size) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return read_avx512(from, size);
  if (__builtin_cpu_supports("avx2")) return read_avx2(from, size);
#endif
  read_plain(from, size);
}

/// Bytes per second that one thread reads, again and again, from a buffer of `size` bytes.
inline double read_bandwidth(int64_t size) {
  constexpr size_t kHugePage = size_t{2} << 20;
  size = (size + 511) / 512 * 512;
  const size_t room = (static_cast<size_t>(size) + kHugePage - 1) / kHugePage * kHugePage;
  const std::unique_ptr<char, void (*)(void*)> buffer(
      static_cast<char*>(std::aligned_alloc(kHugePage, room)), std::free);
  if (!buffer) return 0;
  madvise(buffer.get(), room, MADV_HUGEPAGE);
  for (size_t i = 0; i < room; ++i) buffer.get()[i] = static_cast<char>(i);
  const int64_t passes = (int64_t{64} << 20) / size + 1;
  double best = 0;
  for (int attempt = 0; attempt < 20; ++attempt) {
    const double seconds = seconds_of([&] {
      for (int64_t pass = 0; pass < passes; ++pass) read_all(buffer.get(), size);
    });
    best = std::fmax(best, static_cast<double>(size * passes) / seconds);
  }
  return best;
}

/// Seconds until a cache line that one CPU wrote reaches another: half of the time there and back.
inline double line_bounce(int first_cpu, int second_cpu) {
  constexpr int kTurns = 2000;
  constexpr double kLongest = 0.1;
  struct alignas(128) Line {
    std::atomic<int> turn{0};
  };
  double best = 1, spent = 0;
  for (int attempt = 0; attempt < 20 && spent < kLongest; ++attempt) {
    Line line;
    double seconds = 0;
    run_pinned({first_cpu, second_cpu}, [&](size_t index) {
      const int own = static_cast<int>(index);
      const double all = seconds_of([&] {
        for (int turn = own; turn < 2 * kTurns; turn += 2) {
          while (line.turn.load(std::memory_order_acquire) != turn) {
          }
          line.turn.store(turn + 1, std::memory_order_release);
        }
      });
      if (own == 1) seconds = all;
    });
    best = std::fmin(best, seconds / (2 * kTurns));
    spent += seconds;
  }
  return best;
}

}  // namespace cornu::bench
