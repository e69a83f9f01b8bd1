#pragma once

// The functions of core/math.h, inlined and compiled for the caller's instruction set: the same
// bits, without a library call for each fused multiply-add.

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#define CORNU_MATH inline __attribute__((always_inline))

namespace cornu::inline v0::inlined {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// ln 2 and π/2, the first parts with zeros at the end, so that small multiples are exact.
inline constexpr double kLn2High = 0x1.62e42fee00000p-1;
inline constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
inline constexpr double kHalfPi[] = {0x1.921fb54400000p+0, 0x1.0b4611a600000p-34,
                                     0x1.3198a2e037073p-69};

CORNU_MATH double power_of_two(int64_t exponent) {
  return std::bit_cast<double>(static_cast<uint64_t>(exponent + 1023) << 52);
}

// 1/n!
constexpr double reciprocal_factorial(int n) {
  double product = 1;
  for (int i = 2; i <= n; ++i) product *= i;
  return 1 / product;
}

/// The quarter of the circle that x lies in: x = quarter·π/2 + rest, |rest| ≤ π/4.
struct Quarter {
  int64_t quarter;
  double rest;
};

CORNU_MATH Quarter quarter_of(double x) {
  const double count = std::nearbyint(x * 0x1.45f306dc9c883p-1);  // 2/π
  double rest = std::fma(-count, kHalfPi[0], x);
  rest = std::fma(-count, kHalfPi[1], rest);
  rest = std::fma(-count, kHalfPi[2], rest);
  return {static_cast<int64_t>(count) & 3, rest};
}

// Taylor's series on |x| ≤ π/4, whose next terms are below 2⁻⁵⁸.
CORNU_MATH double sin_near_0(double x) {
  const double square = x * x;
  double sum = 0;
  for (int n = 17; n >= 3; n -= 2) {
    sum = std::fma(sum, square, n % 4 == 1 ? reciprocal_factorial(n) : -reciprocal_factorial(n));
  }
  return std::fma(sum * square, x, x);
}

CORNU_MATH double cos_near_0(double x) {
  const double square = x * x;
  double sum = 0;
  for (int n = 18; n >= 4; n -= 2) {
    sum = std::fma(sum, square, n % 4 == 0 ? reciprocal_factorial(n) : -reciprocal_factorial(n));
  }
  return std::fma(sum * square, square, std::fma(-0.5, square, 1));
}

CORNU_MATH bool is_in_domain(double x) {
  return std::abs(x) <= 0x1p20;
}

CORNU_MATH double exp_of(double x) {
  if (x != x) return x;
  if (x > 709.8) return kInfinity;
  if (x < -745.2) return 0;
  const double count = std::nearbyint(x * 0x1.71547652b82fep0);  // 1/ln 2
  const double rest = std::fma(-count, kLn2Low, std::fma(-count, kLn2High, x));
  double sum = reciprocal_factorial(14);
  for (int n = 13; n >= 2; --n) sum = std::fma(sum, rest, reciprocal_factorial(n));
  sum = std::fma(sum * rest, rest, rest) + 1;
  // In two steps, since 2ᵏ alone may be larger than any double.
  const auto exponent = static_cast<int64_t>(count);
  const int64_t first = exponent / 2;
  return sum * power_of_two(first) * power_of_two(exponent - first);
}

CORNU_MATH double log_of(double x) {
  if (x != x || x == kInfinity) return x;
  if (x < 0) return kNaN;
  if (x == 0) return -kInfinity;
  int64_t exponent = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    exponent = -54;
  }
  // x = m·2ᵉ with m from √½ to √2.
  auto bits = std::bit_cast<uint64_t>(x);
  exponent += static_cast<int64_t>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFF) | uint64_t{1023} << 52);
  if (m > 0x1.6a09e667f3bcdp0) {
    m /= 2;
    ++exponent;
  }
  // ln m = 2 artanh s, s = (m − 1)/(m + 1), in Gregory's series.
  const double s = (m - 1) / (m + 1);
  const double square = s * s;
  double sum = 0;
  for (int n = 23; n >= 3; n -= 2) sum = std::fma(sum, square, 1.0 / n);
  const double part = sum * square * s;
  // s is rounded; this adds its rounding error.
  const double lacks = std::fma(-s, m + 1, m - 1) / (m + 1);
  const auto count = static_cast<double>(exponent);
  const double low = std::fma(count, kLn2Low, 2 * (part + lacks));
  return std::fma(count, kLn2High, 2 * s) + low;
}

CORNU_MATH double pow_of(double x, double y) {
  if (y == 0) return 1;
  if (x == 0) return y > 0 ? 0 : kInfinity;
  return exp_of(y * log_of(x));
}

CORNU_MATH double sin_of(double x) {
  if (!is_in_domain(x)) return kNaN;
  const auto [quarter, rest] = quarter_of(x);
  const double size = quarter % 2 == 0 ? sin_near_0(rest) : cos_near_0(rest);
  return quarter < 2 ? size : -size;
}

CORNU_MATH double cos_of(double x) {
  if (!is_in_domain(x)) return kNaN;
  const auto [quarter, rest] = quarter_of(x);
  const double size = quarter % 2 == 0 ? cos_near_0(rest) : sin_near_0(rest);
  return quarter == 1 || quarter == 2 ? -size : size;
}

#undef CORNU_MATH

}  // namespace cornu::inline v0::inlined
