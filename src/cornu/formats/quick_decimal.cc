#include "cornu/formats/quick_decimal.h"

#include <bit>
#include <cstddef>
#include <cstdint>

#include "cornu/formats/decimal_product.h"
#include "cornu/formats/eight_digits.h"

namespace cornu::inline v0::formats {
namespace {

// 10^19 - 1 fits in 64 bits.
constexpr size_t kMostDigits = 19;

// Appends the digits at `at`, at most eight, to a value, which wraps around; returns how many.
[[gnu::always_inline]] inline size_t append_digits(const char* at, uint64_t& value) {
  const uint64_t digits = digits_at(at);
  const uint64_t others = not_digits(digits);
  const size_t count = static_cast<size_t>(std::countr_zero(others)) / 8;
  value = value * kTens[count] + number_of_eight(last_of_eight(digits, count));
  return count;
}

// The same of any number of digits; the character after them.
[[gnu::always_inline]] inline const char* append_all_digits(const char* at, uint64_t& value) {
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
    if (!decimal_product(digits, tens, found)) return nullptr;
  }
  value = std::bit_cast<double>(std::bit_cast<uint64_t>(found) | static_cast<uint64_t>(is_negative)
                                                                     << 63);
  return at;
}

}  // namespace cornu::inline v0::formats
