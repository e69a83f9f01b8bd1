#include "cornu/formats/quick_decimal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cornu::inline v0::formats {
namespace {

__extension__ using Bits128 = unsigned __int128;

// Powers of ten beyond these are rare. 5 to their exponent has at most 117 bits.
constexpr int kMostTens = 50;
// 10^19 - 1 fits in 64 bits.
constexpr size_t kMostDigits = 19;

// 5^e = (high · 2^64 + low) · 2^shift with the highest bit set; of 5^-n what is below is cut off.
struct PowerOfFive {
  uint64_t high = 0, low = 0;
  int shift = 0;
};

constexpr int bits_of(Bits128 value) {
  int bits = 0;
  for (; value != 0; value >>= 1) ++bits;
  return bits;
}

constexpr std::array<PowerOfFive, 2 * kMostTens + 1> powers_of_five() {
  std::array<PowerOfFive, 2 * kMostTens + 1> powers{};
  Bits128 power = 1;
  for (int n = 0; n <= kMostTens; ++n, power *= 5) {
    const int bits = bits_of(power);
    const Bits128 upper = power << (128 - bits);
    powers[static_cast<size_t>(kMostTens + n)] = {.high = static_cast<uint64_t>(upper >> 64),
                                                  .low = static_cast<uint64_t>(upper),
                                                  .shift = bits - 128};
    if (n == 0) continue;
    // 2^(127 + bits) ÷ 5^n, bit by bit: the remainder begins as the highest power of two below 5^n.
    Bits128 remainder = Bits128{1} << (bits - 1);
    Bits128 quotient = 0;
    for (int bit = 0; bit < 128; ++bit) {
      remainder <<= 1;
      quotient <<= 1;
      if (remainder >= power) {
        remainder -= power;
        quotient |= 1;
      }
    }
    powers[static_cast<size_t>(kMostTens - n)] = {.high = static_cast<uint64_t>(quotient >> 64),
                                                  .low = static_cast<uint64_t>(quotient),
                                                  .shift = -127 - bits};
  }
  return powers;
}

constexpr std::array<PowerOfFive, 2 * kMostTens + 1> kPowersOfFive = powers_of_five();

// digits · 10^tens, of digits that are not 0, by their product with the upper 128 bits of 5^tens;
// false if these do not tell which float64 is nearer.
bool product(uint64_t digits, int tens, double& value) {
  const PowerOfFive& power = kPowersOfFive[static_cast<size_t>(kMostTens + tens)];
  const int zeros = std::countl_zero(digits);
  const Bits128 by_high = static_cast<Bits128>(digits << zeros) * power.high;
  const Bits128 by_low = static_cast<Bits128>(digits << zeros) * power.low;
  const Bits128 upper = by_high + (by_low >> 64);
  const auto high = static_cast<uint64_t>(upper >> 64);
  const auto low = static_cast<uint64_t>(upper);
  // 53 bits and, below them, the one that is rounded.
  const int below = 9 + static_cast<int>(high >> 63);
  const uint64_t ones = (uint64_t{1} << below) - 1;
  const uint64_t kept = high >> below;
  const uint64_t cut = high & ones;
  // Whether it is rounded up is a toss-up, so nothing branches on it.
  const uint64_t is_above_half = kept & 1;
  uint64_t mantissa = kept >> 1;
  if (tens >= 0) {
    // The product is exact, and a tie goes to the even one.
    const bool is_tie = cut == 0 && low == 0 && static_cast<uint64_t>(by_low) == 0;
    mantissa += is_above_half & (is_tie ? mantissa & 1 : 1);
  } else {
    // The true product is above it, by less than 1 in the last place of `upper`.
    if (cut == ones && low == ~uint64_t{0} && is_above_half == 0) return false;
    mantissa += is_above_half;
  }
  const int exponent = below + 1 + 128 + power.shift + tens - zeros;
  constexpr int kBias = 1023 + 52;
  // The mantissa's highest bit, or the next one after rounding, counts for the exponent.
  value = std::bit_cast<double>((static_cast<uint64_t>(exponent + kBias - 1) << 52) + mantissa);
  return true;
}

constexpr uint64_t kEachOfEight = 0x0101010101010101;
constexpr std::array<uint64_t, 9> kTens = {1,       10,        100,        1'000,      10'000,
                                           100'000, 1'000'000, 10'000'000, 100'000'000};

// Appends the digits at `at`, at most eight, to a value, which wraps around; returns how many.
// Nothing branches on their number, which is another one in each cell. A call would take a quarter
// of the time.
inline __attribute__((always_inline)) size_t append_digits(const char* at, uint64_t& value) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);  // the first in the lowest bits
  const uint64_t digits = word ^ (kEachOfEight * '0');
  // Of 10 or more the upper half of a byte is not 0, or is not once 6 is added.
  const uint64_t others =
      (digits | ((digits & (kEachOfEight * 0x7F)) + kEachOfEight * 6)) & (kEachOfEight * 0xF0);
  const auto count = static_cast<size_t>(std::countr_zero(others)) / 8;
  // Zeros before them make them eight; a shift by 64 would be none.
  const uint64_t eight = digits << 8 * (7 - std::min<size_t>(count, 7)) << (count == 8 ? 0 : 8);
  // Pairs, fours, then all of them.
  const uint64_t pairs = eight * 10 + (eight >> 8);
  constexpr uint64_t kEachFourth = 0x000000FF000000FF;
  const uint64_t upper = (pairs & kEachFourth) * (100 + (uint64_t{1'000'000} << 32));
  const uint64_t lower = (pairs >> 16 & kEachFourth) * (1 + (uint64_t{10'000} << 32));
  value = value * kTens[count] + ((upper + lower) >> 32);
  return count;
}

// The same of any number of digits; the character after them.
inline __attribute__((always_inline)) const char* append_all_digits(const char* at,
                                                                    uint64_t& value) {
  for (;;) {
    const size_t count = append_digits(at, value);
    at += count;
    if (count < 8) return at;
  }
}

bool is_digit(char each) {
  return each >= '0' && each <= '9';
}

// The digits without the zeros before them, of a number from `begin` to `end`.
size_t significant_digits(const char* begin, const char* end, size_t count) {
  for (; begin != end && (*begin == '0' || *begin == '.'); ++begin) count -= *begin == '0' ? 1 : 0;
  return count;
}

// The exponent that begins after the letter e; nullptr without one of 1 to 3 digits.
const char* take_exponent(const char* at, int& exponent) {
  const bool is_small = *at == '-';
  at += is_small || *at == '+' ? 1 : 0;
  uint64_t digits = 0;
  const char* const end = append_all_digits(at, digits);
  if (end == at || end - at > 3) return nullptr;
  exponent = is_small ? -static_cast<int>(digits) : static_cast<int>(digits);
  return end;
}

}  // namespace

const char* quick_decimal(const char* at, double& value) {
  const bool is_negative = *at == '-';
  at += is_negative ? 1 : 0;
  const char* const begin = at;
  uint64_t digits = 0;
  if (is_digit(at[0]) && !is_digit(at[1])) {  // as most
    digits = static_cast<uint64_t>(*at++ - '0');
  } else {
    at = append_all_digits(at, digits);
  }
  auto count = static_cast<size_t>(at - begin);
  int tens = 0;
  if (*at == '.') {
    const char* const point = at;
    at = append_all_digits(at + 1, digits);
    const auto places = static_cast<size_t>(at - point) - 1;
    count += places;
    if (places > kMostTens) return nullptr;
    tens = -static_cast<int>(places);
  }
  if (count == 0) return nullptr;
  if (count > kMostDigits && significant_digits(begin, at, count) > kMostDigits) return nullptr;
  if (*at == 'e' || *at == 'E') {
    int exponent = 0;
    at = take_exponent(at + 1, exponent);
    if (at == nullptr) return nullptr;
    tens += exponent;
  }
  double found = 0;
  if (digits != 0) {
    if (tens < -kMostTens || tens > kMostTens) return nullptr;
    if (!product(digits, tens, found)) return nullptr;
  }
  value = std::bit_cast<double>(std::bit_cast<uint64_t>(found) | static_cast<uint64_t>(is_negative)
                                                                     << 63);
  return at;
}

}  // namespace cornu::inline v0::formats
