#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <system_error>

#include "cornu/core/rng.h"
#include "cornu/formats/quick_decimal.h"

namespace cornu::inline v0::formats::quick_decimal_test {

enum class Found { same, other, nothing };

/// A text beside std::from_chars, bit by bit. What is read without its end is nothing.
inline Found read(const std::string& text) {
  const std::string padded = text + std::string(8, ',');
  double value = 0;
  const char* const end = quick_decimal(padded.data(), value);
  if (end != padded.data() + text.size()) return Found::nothing;
  double expected = 0;
  const auto found = std::from_chars(text.data(), text.data() + text.size(), expected);
  const bool is_read = found.ec == std::errc() && found.ptr == text.data() + text.size();
  const bool is_same = std::bit_cast<uint64_t>(value) == std::bit_cast<uint64_t>(expected);
  return is_read && is_same ? Found::same : Found::other;
}

/// The decimal digits of (2m + 1) / 2^(halvings): midway between two float64s for m of 53 bits.
inline std::string midpoint(uint64_t m, int halvings) {
  __extension__ using Digits = unsigned __int128;
  Digits digits = Digits{m} * 2 + 1;
  for (int i = 0; i < halvings; ++i) digits *= 5;
  std::string text;
  for (; digits != 0; digits /= 10) text.insert(text.begin(), static_cast<char>('0' + digits % 10));
  return text + "e-" + std::to_string(halvings);
}

/// Numbers of every form, drawn by a seed, and those that are hardest to round.
inline void check_drawn(uint64_t seed, int count) {
  size_t nothing = 0;
  const auto check = [&nothing](const std::string& text) {
    const Found found = read(text);
    ASSERT_NE(found, Found::other) << text;
    nothing += found == Found::nothing ? 1 : 0;
  };
  for (int i = 0; i < count; ++i) {
    const uint64_t bits = mix(seed, static_cast<uint64_t>(i));
    const uint64_t more = mix(bits, 1);
    const auto small = static_cast<int>(more % 19);
    const double number =
        std::ldexp(static_cast<double>(bits), static_cast<int>(more >> 8) % 90 - 80);
    switch (i % 6) {
      case 0:
        check(fmt::format("{}", number));
        break;
      case 1:
        check(fmt::format("{:.{}f}", number - 0.5, small));
        break;
      case 2:
        check(fmt::format("{:.{}e}", -number, small));
        break;
      case 3:
        check(fmt::format("{}e{}", bits >> (more % 64), static_cast<int>(more >> 8) % 60));
        break;
      case 4:
        check(midpoint(bits >> 11 | uint64_t{1} << 52, static_cast<int>(more % 4)));
        break;
      default:
        check(fmt::format("{:.17g}", std::bit_cast<double>(bits)));
        break;
    }
  }
  // Else little would be shown.
  EXPECT_LT(nothing, static_cast<size_t>(count) / 2);
}

}  // namespace cornu::inline v0::formats::quick_decimal_test
