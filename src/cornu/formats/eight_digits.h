#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cornu::inline v0::formats {

// Decimal digits of text, eight at a time in a word, the first in its lowest byte. Nothing branches
// on their number, which is another one in each cell of a table. A call would take a quarter of the
// time.

inline constexpr uint64_t kEachOfEight = 0x0101010101010101;
inline constexpr std::array<uint64_t, 9> kTens = {
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

/// What digits at `at` are worth each; others are 10 or more.
[[gnu::always_inline]] inline uint64_t digits_at(const char* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word ^ (kEachOfEight * '0');
}

/// The first `count` of eight, at most, behind as many zeros as make them eight again.
[[gnu::always_inline]] inline uint64_t last_of_eight(uint64_t digits, size_t count) {
  const size_t half = 4 * (8 - count) & 63;  // a shift by 64 would be none
  return digits << half << half;
}

/// Of each byte that is no digit a bit, and of some bytes above the lowest of these.
[[gnu::always_inline]] inline uint64_t not_digits(uint64_t digits) {
  // Of 10 or more the highest bit is set, or is once 0x76 is added.
  return (digits | (digits + kEachOfEight * 0x76)) & (kEachOfEight * 0x80);
}

/// The number that eight digits make.
[[gnu::always_inline]] inline uint64_t number_of_eight(uint64_t digits) {
  // Pairs, fours, then all of them.
  const uint64_t pairs = digits * 10 + (digits >> 8);
  constexpr uint64_t kEachFourth = 0x000000FF000000FF;
  const uint64_t upper = (pairs & kEachFourth) * (100 + (uint64_t{1'000'000} << 32));
  const uint64_t lower = (pairs >> 16 & kEachFourth) * (1 + (uint64_t{10'000} << 32));
  return (upper + lower) >> 32;
}

}  // namespace cornu::inline v0::formats
