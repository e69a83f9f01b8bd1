#include "cornu/formats/crc32.h"

#include <isa-l/crc.h>

namespace cornu::inline v0::formats {
namespace {

// Polynomials over GF(2) modulo that of CRC-32, their highest power in the lowest bit.
constexpr uint32_t kModulus = 0xEDB88320;
constexpr uint32_t kOne = uint32_t{1} << 31;
constexpr uint32_t kX8 = kOne >> 8;

constexpr uint32_t times_x(uint32_t a) {
  return a >> 1 ^ ((a & 1) != 0 ? kModulus : 0);
}

constexpr uint32_t product(uint32_t a, uint32_t b) {
  uint32_t sum = 0;
  for (uint32_t power = kOne; power != 0; power >>= 1, b = times_x(b)) {
    if ((a & power) != 0) sum ^= b;
  }
  return sum;
}

// With AVX-512, ISA-L leaves the upper halves of vector registers in use, and all SSE code after it
// would take five times as long.
#ifdef __x86_64__
__attribute__((target("avx"))) void clean_avx() {
  __builtin_ia32_vzeroupper();
}
void clean_vectors() {
  if (__builtin_cpu_supports("avx") != 0) clean_avx();
}
#else
void clean_vectors() {}
#endif

}  // namespace

uint32_t crc32(uint32_t before, std::span<const std::byte> bytes) {
  const uint32_t crc =
      crc32_gzip_refl(before, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  clean_vectors();
  return crc;
}

Crc32Join::Crc32Join(uint64_t second_size) : shift_(kOne) {
  // Each byte behind it multiplies a CRC by x^8.
  for (uint32_t square = kX8; second_size != 0; second_size >>= 1) {
    if ((second_size & 1) != 0) shift_ = product(shift_, square);
    square = product(square, square);
  }
}

uint32_t Crc32Join::operator()(uint32_t first, uint32_t second) const {
  return product(shift_, first) ^ second;
}

}  // namespace cornu::inline v0::formats
