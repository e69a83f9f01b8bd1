#include "cornu/formats/crc64.h"

#include <fmt/format.h>
#include <isa-l/crc64.h>

#include "cornu/formats/clean_vectors.h"

namespace cornu::inline v0::formats {

uint64_t crc64(uint64_t before, std::span<const std::byte> bytes) {
  const uint64_t crc =
      crc64_ecma_refl(before, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  clean_vectors();
  return crc;
}

std::string crc64_digits(std::span<const std::byte> bytes) {
  return fmt::format("{:016x}", crc64(0, bytes));
}

std::string crc64_digits(const Parts& parts) {
  uint64_t crc = 0;
  for (const std::span<const std::byte> part : parts.spans()) crc = crc64(crc, part);
  return fmt::format("{:016x}", crc);
}

}  // namespace cornu::inline v0::formats
