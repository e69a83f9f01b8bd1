#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace cornu::inline v0::formats {

__extension__ using Bits128 = unsigned __int128;

/// Powers of ten beyond these are rare. 5 to their exponent has at most 117 bits.
inline constexpr int kMostTens = 50;

/// 5^e = (high · 2^64 + low) · 2^shift with the highest bit set; of 5^-n what is below is cut off.
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

inline constexpr std::array<PowerOfFive, 2 * kMostTens + 1> kPowersOfFive = powers_of_five();

/// digits · 10^tens, of digits that are not 0, by their product with the upper 128 bits of 5^tens;
/// false if these do not tell which float64 is nearer.
inline bool decimal_product(uint64_t digits, int tens, double& value) {
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

}  // namespace cornu::inline v0::formats
