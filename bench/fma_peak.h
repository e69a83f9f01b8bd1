#pragma once

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cornu::bench {

#if defined(__x86_64__)

/// Sixteen independent chains of fused multiply-adds that never leave the registers: enough to
/// cover four cycles of latency on two pipes.
__attribute__((target("avx512f"))) inline double fma_chains_avx512(int64_t rounds) {
  __m512 sums[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) sums[i] = _mm512_set1_ps(static_cast<float>(i));
  const __m512 a = _mm512_set1_ps(0.999F);
  const __m512 b = _mm512_set1_ps(0.001F);
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) sums[i] = _mm512_fmadd_ps(sums[i], a, b);
  }
  double total = 0;
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) total += static_cast<double>(_mm512_cvtss_f32(sums[i]));
  return total;
}

__attribute__((target("avx2,fma"))) inline double fma_chains_avx2(int64_t rounds) {
  __m256 sums[12];
#pragma GCC unroll 12
  for (int i = 0; i < 12; ++i) sums[i] = _mm256_set1_ps(static_cast<float>(i));
  const __m256 a = _mm256_set1_ps(0.999F);
  const __m256 b = _mm256_set1_ps(0.001F);
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < 12; ++i) sums[i] = _mm256_fmadd_ps(sums[i], a, b);
  }
  double total = 0;
#pragma GCC unroll 12
  for (int i = 0; i < 12; ++i) total += static_cast<double>(_mm256_cvtss_f32(sums[i]));
  return total;
}

#endif

/// The most float32 FLOP/s that this thread reaches with multiply-adds alone: the best of several
/// tries of about 20 ms. 0 where there is no probe for the CPU.
inline double fma_peak() {
#if defined(__x86_64__)
  using Clock = std::chrono::steady_clock;
  constexpr int64_t kRounds = 4'000'000;
  const bool wide = __builtin_cpu_supports("avx512f");
  if (!wide && !__builtin_cpu_supports("fma")) return 0;
  const double flops_per_round = wide ? 16.0 * 16 * 2 : 12.0 * 8 * 2;
  double best = 0;
  volatile double sink = 0;
  for (int attempt = 0; attempt < 8; ++attempt) {
    const auto begin = Clock::now();
    sink = wide ? fma_chains_avx512(kRounds) : fma_chains_avx2(kRounds);
    const std::chrono::duration<double> seconds = Clock::now() - begin;
    const double rate = flops_per_round * static_cast<double>(kRounds) / seconds.count();
    best = rate > best ? rate : best;
  }
  (void)sink;
  return best;
#else
  return 0;
#endif
}

}  // namespace cornu::bench
