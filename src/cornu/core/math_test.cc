#include "cornu/core/math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "cornu/core/rng.h"

namespace cornu::inline v0 {
namespace math_test {

constexpr int64_t kPoints = 1'000'000;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Point i of evenly spaced points in [low, high), each moved a little at random.
double point(int64_t i, double low, double high) {
  const auto words = Philox::words(5, 0, static_cast<uint64_t>(i));
  const double at = (static_cast<double>(i) + uniform(words[0], words[1])) / kPoints;
  return low + (high - low) * at;
}

double ulps(double found, long double exact) {
  int exponent;
  std::frexp(static_cast<double>(exact), &exponent);
  return static_cast<double>(std::abs(static_cast<long double>(found) - exact)) /
         std::ldexp(1.0, std::max(exponent, -1021) - 53);
}

TEST(Math, ExpIsWithinAnUlp) {
  double worst = 0;
  for (int64_t i = 0; i < kPoints; ++i) {
    const double x = i % 2 == 0 ? point(i, -708, 709.7) : point(i, -2, 2);
    worst = std::max(worst, ulps(exp_of(x), std::exp(static_cast<long double>(x))));
  }
  EXPECT_LE(worst, 1);
  EXPECT_EQ(exp_of(0), 1);
  EXPECT_EQ(exp_of(-kInfinity), 0);
  EXPECT_EQ(exp_of(-1000), 0);
  EXPECT_EQ(exp_of(kInfinity), kInfinity);
  EXPECT_EQ(exp_of(710), kInfinity);
  EXPECT_TRUE(std::isnan(exp_of(std::nan(""))));
}

TEST(Math, LogIsWithinTwoUlps) {
  double worst = 0;
  for (int64_t i = 0; i < kPoints; ++i) {
    const double x = i % 2 == 0 ? std::ldexp(point(i, 1, 2), static_cast<int>(i % 2000) - 1000)
                                : point(i, 0.5, 2);
    worst = std::max(worst, ulps(log_of(x), std::log(static_cast<long double>(x))));
  }
  EXPECT_LE(worst, 2);
  EXPECT_EQ(log_of(1), 0);
  EXPECT_EQ(log_of(0), -kInfinity);
  EXPECT_EQ(log_of(kInfinity), kInfinity);
  constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
  EXPECT_LE(ulps(log_of(kSmallest), std::log(static_cast<long double>(kSmallest))), 2);
  EXPECT_TRUE(std::isnan(log_of(-1)));
  EXPECT_TRUE(std::isnan(log_of(std::nan(""))));
}

TEST(Math, PowIsWithinItsBound) {
  for (int64_t i = 0; i < kPoints; ++i) {
    const double x = point(i, 0.01, 4);
    const double y = point(i * 7919 % kPoints, -30, 30);
    const long double exact = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    const double bound = 3 + 4 * std::abs(y * std::log(x));
    ASSERT_LE(ulps(pow_of(x, y), exact), bound) << x << "^" << y;
  }
  EXPECT_EQ(pow_of(0, 2), 0);
  EXPECT_EQ(pow_of(0, 0), 1);
  EXPECT_EQ(pow_of(0, -1), kInfinity);
  EXPECT_EQ(pow_of(3, 0), 1);
  EXPECT_TRUE(std::isnan(pow_of(-1, 2)));
}

TEST(Math, SinAndCosAreWithinTheirBound) {
  double worst = 0;
  for (int64_t i = 0; i < kPoints; ++i) {
    const double x = i % 2 == 0 ? point(i, -0x1p20, 0x1p20) : point(i, -7, 7);
    const auto exact = static_cast<long double>(x);
    worst = std::max(worst, static_cast<double>(std::abs(sin_of(x) - std::sin(exact))));
    worst = std::max(worst, static_cast<double>(std::abs(cos_of(x) - std::cos(exact))));
  }
  EXPECT_LE(worst, 0x1p-52);
  EXPECT_EQ(sin_of(0), 0);
  EXPECT_EQ(cos_of(0), 1);
  EXPECT_TRUE(std::isnan(sin_of(0x1p21)));
  EXPECT_TRUE(std::isnan(cos_of(kInfinity)));
}

}  // namespace math_test
}  // namespace cornu::inline v0
