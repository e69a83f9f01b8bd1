#include "cornu/formats/crc64.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace cornu::inline v0::formats {
namespace crc64_test {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

uint64_t bit_by_bit(std::span<const std::byte> bytes) {
  uint64_t crc = ~uint64_t{0};
  for (const std::byte each : bytes) {
    crc ^= static_cast<uint64_t>(each);
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xC96C5795D7870F42 : 0);
    }
  }
  return ~crc;
}

// The check value of CRC-64/XZ.
TEST(Crc64, IsThatOfXz) {
  EXPECT_EQ(crc64(0, bytes_of("123456789")), 0x995DC9BBDF1939FA);
  EXPECT_EQ(crc64_digits(bytes_of("123456789")), "995dc9bbdf1939fa");
  EXPECT_EQ(crc64_digits(bytes_of("")), "0000000000000000");
}

TEST(Crc64, OfEveryLengthIsThatOfItsBitsAndOfItsParts) {
  std::vector<std::byte> bytes(700);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 151 + i / 7);
  for (size_t size = 0; size <= bytes.size(); ++size) {
    const std::span<const std::byte> all = std::span(bytes).first(size);
    const uint64_t expected = bit_by_bit(all);
    ASSERT_EQ(crc64(0, all), expected) << size;
    const size_t half = size / 3;
    ASSERT_EQ(crc64(crc64(0, all.first(half)), all.subspan(half)), expected) << size;
    Parts parts;
    parts.view(all.first(half));
    parts.view(all.subspan(half));
    ASSERT_EQ(crc64_digits(parts), crc64_digits(all)) << size;
  }
}

}  // namespace crc64_test
}  // namespace cornu::inline v0::formats
