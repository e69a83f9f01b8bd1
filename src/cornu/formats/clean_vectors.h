#pragma once

namespace cornu::inline v0::formats {

/// After a call of ISA-L: with AVX-512 it leaves the upper halves of vector registers in use, and
/// all SSE code after it would take five times as long.
#ifdef __x86_64__
inline __attribute__((target("avx"))) void clean_avx() {
  __builtin_ia32_vzeroupper();
}
inline void clean_vectors() {
  if (__builtin_cpu_supports("avx") != 0) clean_avx();
}
#else
inline void clean_vectors() {}
#endif

}  // namespace cornu::inline v0::formats
