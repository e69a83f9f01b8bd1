#pragma once

// The contract of the functions of math-inl.h, as their tests check it: domain and largest error.

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <ostream>

#include "cornu/kernels/bits_test.h"
#include "cornu/kernels/targets_internal.h"

namespace cornu::inline v0::kernels {

struct MathFunction {
  const char* name;
  void (*MathTable::*function)(const float*, float*, int64_t);
  double (*exact)(double);
  double ulp;  ///< the largest error, in units of the exact result's last place
};

inline void PrintTo(const MathFunction& f, std::ostream* to) {
  *to << f.name;
}

inline double exact_sigmoid(double x) {
  const double e = std::exp(-std::abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

constexpr MathFunction kMathFunctions[] = {
    {"exp", &MathTable::exp, [](double x) { return std::exp(x); }, 1},
    {"expm1", &MathTable::expm1, [](double x) { return std::expm1(x); }, 2},
    {"log", &MathTable::log, [](double x) { return std::log(x); }, 1},
    {"log1p", &MathTable::log1p, [](double x) { return std::log1p(x); }, 2},
    {"sigmoid", &MathTable::sigmoid, exact_sigmoid, 2.5},
    {"tanh", &MathTable::tanh, [](double x) { return std::tanh(x); }, 2},
    {"erf", &MathTable::erf, [](double x) { return std::erf(x); }, 1},
};

/// The error of y as f(x), in ulp of the exact result; infinite if y is plainly wrong.
/// Results below 2⁻¹²⁶ have to be 0, those that round beyond FLT_MAX infinite.
inline double ulp_error(const MathFunction& f, float x, float y) {
  constexpr double kWrong = std::numeric_limits<double>::infinity();
  if (std::isnan(x)) return std::isnan(y) ? 0 : kWrong;
  const bool denormal = std::abs(x) < 0x1p-126F;
  // The functions whose value approaches x near 0.
  const bool odd = f.function == &MathTable::tanh || f.function == &MathTable::erf ||
                   f.function == &MathTable::expm1 || f.function == &MathTable::log1p;
  // The float mode decides whether a denormal is 0.
  if (odd && denormal && std::signbit(y) == std::signbit(x)) return y == 0 || y == x ? 0 : kWrong;
  const double exact = f.exact(f.function == &MathTable::log && denormal ? 0.0 : x);
  if (std::isnan(exact)) return std::isnan(y) ? 0 : kWrong;
  if (odd ? std::signbit(y) != std::signbit(x) : y == 0 && std::signbit(y)) return kWrong;
  if (std::isinf(exact) || std::abs(exact) >= 0x1.ffffffp127)
    return y == exact || (std::isinf(y) && y == std::copysign(kWrong, exact)) ? 0 : kWrong;
  if (std::abs(exact) < 0x1p-126) return y == 0 ? 0 : kWrong;
  if (y == 0 && exact != 0) return kWrong;
  if (exact == 0) return y == 0 ? 0 : kWrong;
  const auto exponent = static_cast<int64_t>(std::bit_cast<uint64_t>(exact) >> 52 & 0x7FF) - 1023;
  const double ulp = std::bit_cast<double>(static_cast<uint64_t>(exponent - 23 + 1023) << 52);
  return std::abs(y - exact) / ulp;
}

/// The tables of functions of this CPU's targets, best first.
inline std::vector<const MathTable*> math_tables() {
  std::vector<const MathTable*> tables;
  for (Target target : supported_targets()) {
    const TargetTables* found = vector_tables(target);
    tables.push_back(found == nullptr ? &portable_tables().math : &found->math);
  }
  return tables;
}

}  // namespace cornu::inline v0::kernels
