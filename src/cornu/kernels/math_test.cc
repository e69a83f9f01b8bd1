#include <gtest/gtest.h>

#include "cornu/core/float_mode.h"
#include "cornu/core/sanitized_test.h"
#include "cornu/kernels/math_bounds_test.h"

namespace cornu::inline v0::kernels {
namespace math_test {

/// A million floats, one from each stretch of bit patterns, and all special ones.
std::vector<float> stratified() {
  constexpr uint64_t kStretch = (uint64_t{1} << 32) / static_cast<uint64_t>(drawn(1'000'000));
  Draw draw(1);
  std::vector<float> values = special_values();
  for (uint64_t from = 0; from + kStretch <= uint64_t{1} << 32; from += kStretch) {
    const uint64_t at = from + static_cast<uint64_t>(draw.below(kStretch));
    values.push_back(std::bit_cast<float>(static_cast<uint32_t>(at)));
  }
  // The ends of exp's range, where a result is last normal, and where the others change from one
  // formula to the next, with their neighbours.
  for (float end : {-0x1.5d589ep6F, 0x1.62e42ep6F, -104.0F, 0.55F, 0.875F, 4.0F, 9.0F, 10.0F,
                    -30.0F, 40.0F, -1.0F, 0x1p60F}) {
    values.insert(values.end(), {end, std::nextafter(end, 200.0F), std::nextafter(end, -200.0F)});
  }
  // Where all floats' errors are largest, found by math_long_test.cc: exp, expm1, log, log1p,
  // sigmoid, tanh, erf.
  values.insert(values.end(), {-0x1.c12898p+4F, 0x1.6370d4p-2F, 0x1.66560ap+0F, -0x1.8p-24F,
                               -0x1.0a111ap+2F, 0x1.1cad0ep-1F, 0x1.bce9c2p-1F});
  return values;
}

std::vector<float> results(const MathTable& table, const MathFunction& f,
                           const std::vector<float>& x) {
  std::vector<float> y(x.size());
  (table.*f.function)(x.data(), y.data(), static_cast<int64_t>(x.size()));
  return y;
}

std::vector<float> results_in_float_mode(const MathTable& table, const MathFunction& f,
                                         const std::vector<float>& x) {
  const FloatMode mode;
  return results(table, f, x);
}

TEST(Math, StaysWithinItsBounds) {
  const auto x = stratified();
  for (const MathFunction& f : kMathFunctions) {
    const auto y = results_in_float_mode(*math_tables().front(), f, x);
    double worst = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      const double error = ulp_error(f, x[i], y[i]);
      ASSERT_LE(error, f.ulp) << f.name << std::hexfloat << "(" << x[i] << ") is " << y[i];
      worst = std::max(worst, error);
    }
    RecordProperty(std::string(f.name) + "_ulp", std::to_string(worst));
  }
}

TEST(Math, HasTheSameBitsEverywhere) {
  const auto x = stratified();
  for (const MathFunction& f : kMathFunctions) {
    const auto expected = results_in_float_mode(portable_tables().math, f, x);
    for (const MathTable* table : math_tables()) {
      EXPECT_TRUE(same_bits(results_in_float_mode(*table, f, x), expected)) << f.name;
    }
  }
}

TEST(Math, HasTheSameBitsInAnyFloatModeExceptForDenormals) {
  const auto x = stratified();
  for (const MathFunction& f : kMathFunctions) {
    for (const MathTable* table : math_tables()) {
      const auto plain = results(*table, f, x);
      const auto flushed = results_in_float_mode(*table, f, x);
      for (size_t i = 0; i < x.size(); ++i) {
        if (std::abs(x[i]) < 0x1p-126F) continue;
        ASSERT_TRUE(same_bits(plain[i], flushed[i])) << f.name << std::hexfloat << " " << x[i];
      }
    }
  }
}

TEST(Math, KnowsTheExactValues) {
  const MathTable& math = *math_tables().front();
  const auto at = [&math](auto function, float x) {
    float y;
    (math.*function)(&x, &y, 1);
    return y;
  };
  EXPECT_EQ(at(&MathTable::exp, 0), 1);
  EXPECT_EQ(at(&MathTable::log, 1), 0);
  EXPECT_FALSE(std::signbit(at(&MathTable::log, 1)));
  EXPECT_EQ(at(&MathTable::sigmoid, 0), 0.5F);
  EXPECT_EQ(at(&MathTable::sigmoid, 100), 1);
  EXPECT_EQ(at(&MathTable::sigmoid, -100), 0);
  EXPECT_EQ(at(&MathTable::tanh, 50), 1);
  EXPECT_EQ(at(&MathTable::tanh, -50), -1);
  EXPECT_TRUE(std::signbit(at(&MathTable::tanh, -0.0F)));
  EXPECT_EQ(at(&MathTable::erf, 50), 1);
  EXPECT_EQ(at(&MathTable::erf, -50), -1);
  EXPECT_TRUE(std::signbit(at(&MathTable::erf, -0.0F)));
}

}  // namespace math_test
}  // namespace cornu::inline v0::kernels
