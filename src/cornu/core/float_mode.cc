#include "cornu/core/float_mode.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace cornu::inline v0 {

#if defined(__x86_64__)

// MXCSR: flush to zero (bit 15), denormals are zero (bit 6), every exception masked (bits 7-12),
// round to nearest (bits 13-14 clear).
FloatMode::FloatMode() : before_(_mm_getcsr()) {
  _mm_setcsr(0x8000 | 0x0040 | 0x1F80);
}
FloatMode::~FloatMode() {
  _mm_setcsr(static_cast<unsigned>(before_));
}

#elif defined(__aarch64__)

// FPCR: flush to zero (bit 24), which on this machine means inputs and outputs; round to nearest.
FloatMode::FloatMode() {
  asm volatile("mrs %0, fpcr" : "=r"(before_));
  asm volatile("msr fpcr, %0" : : "r"(uint64_t{1} << 24));
}
FloatMode::~FloatMode() {
  asm volatile("msr fpcr, %0" : : "r"(before_));
}

#else
#error "Cornu runs on x86-64 and aarch64"
#endif

}  // namespace cornu::inline v0
