#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace cornu::bench {

/// The work of a loop of `rounds` rounds: float32 operations, and cycles of its chain of integer
/// multiplications (0 if there is none).
struct Chains {
  double flops = 0;
  double chain_cycles = 0;
};

// Enough chains to cover four (on Haswell five) cycles of latency on two pipes. Beside a round of
// them kMultiplies dependent integer multiplications may run: three cycles each on every x86-64
// core since Intel's Nehalem and AMD's Zen (Fog's instruction tables). With six of them and
// two pipes, or twelve and one, that chain lasts twice as long as the multiply-adds: so even
// where a neighbour takes half of the pipes, the time of the loop is that of the chain, which gives
// the clock under load.

#if defined(__x86_64__)

constexpr double kMultiplyCycles = 3;

template <int kMultiplies>
uint64_t multiplied(uint64_t value, uint64_t by) {
#pragma GCC unroll 12
  for (int i = 0; i < kMultiplies; ++i) asm volatile("imulq %1, %0" : "+r"(value) : "r"(by));
  return value;
}

/// Sixteen chains of 512 bits.
template <int kMultiplies>
__attribute__((target("avx512f"))) Chains fma_chains_avx512(int64_t rounds) {
  __m512 sums[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) sums[i] = _mm512_set1_ps(static_cast<float>(i));
  __m512 a = _mm512_set1_ps(0.999F);
  __m512 b = _mm512_set1_ps(0.001F);
  asm volatile("" : "+v"(a), "+v"(b));  // Keeps the compiler from computing the result.
  uint64_t chain = 3;
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) sums[i] = _mm512_fmadd_ps(sums[i], a, b);
    chain = multiplied<kMultiplies>(chain, 5);
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) asm volatile("" : : "v"(sums[i]));
  asm volatile("" : : "r"(chain));
  const auto n = static_cast<double>(rounds);
  return {n * 16 * 16 * 2, n * kMultiplies * kMultiplyCycles};
}

/// Twelve chains of 256 bits.
template <int kMultiplies>
__attribute__((target("avx2,fma"))) Chains fma_chains_avx2(int64_t rounds) {
  __m256 sums[12];
#pragma GCC unroll 12
  for (int i = 0; i < 12; ++i) sums[i] = _mm256_set1_ps(static_cast<float>(i));
  __m256 a = _mm256_set1_ps(0.999F);
  __m256 b = _mm256_set1_ps(0.001F);
  asm volatile("" : "+x"(a), "+x"(b));  // Keeps the compiler from computing the result.
  uint64_t chain = 3;
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < 12; ++i) sums[i] = _mm256_fmadd_ps(sums[i], a, b);
    chain = multiplied<kMultiplies>(chain, 5);
  }
#pragma GCC unroll 12
  for (int i = 0; i < 12; ++i) asm volatile("" : : "x"(sums[i]));
  asm volatile("" : : "r"(chain));
  const auto n = static_cast<double>(rounds);
  return {n * 12 * 8 * 2, n * kMultiplies * kMultiplyCycles};
}

/// Multiplications alone.
inline Chains multiply_chain(int64_t rounds) {
  uint64_t chain = 3;
  for (int64_t round = 0; round < rounds; ++round) chain = multiplied<6>(chain, 5);
  asm volatile("" : : "r"(chain));
  return {0, static_cast<double>(rounds) * 6 * kMultiplyCycles};
}

#endif

#if defined(__aarch64__)

/// Sixteen chains of 128 bits. The clock is not measured: the latency of a multiplication differs
/// from core to core.
inline Chains fma_chains_narrow(int64_t rounds) {
  float32x4_t sums[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) sums[i] = vdupq_n_f32(static_cast<float>(i));
  float32x4_t a = vdupq_n_f32(0.999F);
  float32x4_t b = vdupq_n_f32(0.001F);
  asm volatile("" : "+w"(a), "+w"(b));
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) sums[i] = vfmaq_f32(b, sums[i], a);
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) asm volatile("" : : "w"(sums[i]));
  return {static_cast<double>(rounds) * 16 * 4 * 2, 0};
}

#else

/// Eight chains of a multiplication and an addition, for a CPU without a fused one.
inline Chains fma_chains_narrow(int64_t rounds) {
  float sums[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  float a = 0.999F, b = 0.001F;
  asm volatile("" : "+m"(a), "+m"(b));
  for (int64_t round = 0; round < rounds; ++round) {
    for (float& sum : sums) sum = sum * a + b;
  }
  for (float& sum : sums) asm volatile("" : "+m"(sum));
  return {static_cast<double>(rounds) * 8 * 2, 0};
}

#endif

/// Multiply-adds in registers, the widest this CPU has, with kMultiplies (0, 6 or 12)
/// multiplications per round at the same time.
template <int kMultiplies = 0>
Chains fma_chains(int64_t rounds) {
#if defined(__x86_64__)
  static const bool wide = __builtin_cpu_supports("avx512f");
  static const bool fused = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (wide) return fma_chains_avx512<kMultiplies>(rounds);
  if (fused) return fma_chains_avx2<kMultiplies>(rounds);
#endif
  return fma_chains_narrow(rounds);
}

/// Seconds of `body()`.
template <class Body>
double seconds_of(const Body& body) {
  const auto begin = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The largest number of float32 FLOP/s that this thread reaches with multiply-adds alone: the best
/// of several tries of some milliseconds. `probe()` (probe.h) says whether it can be trusted.
inline double fma_peak() {
  constexpr int64_t kRounds = 1'000'000;
  double best = 0;
  for (int attempt = 0; attempt < 30; ++attempt) {
    Chains done;
    const double seconds = seconds_of([&] { done = fma_chains(kRounds); });
    best = std::fmax(best, done.flops / seconds);
  }
  return best;
}

}  // namespace cornu::bench
