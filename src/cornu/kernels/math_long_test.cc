#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <thread>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/math_bounds_test.h"

namespace cornu::inline v0::kernels {
namespace math_long_test {

struct Found {
  double worst = 0;
  float worst_x = 0;
  uint64_t differing = 0;
};

/// All floats whose bit patterns are blocks `first`, `first + step`, … of 2¹⁶.
Found search(const MathFunction& f, uint32_t first, uint32_t step) {
  constexpr uint32_t kBlock = 1 << 16;
  const auto tables = math_tables();
  std::vector<float> x(kBlock);
  std::vector<float> y(kBlock);
  std::vector<float> other(kBlock);
  Found found;
  for (uint32_t block = first; block < kBlock; block += step) {
    for (uint32_t i = 0; i < kBlock; ++i) x[i] = std::bit_cast<float>(block * kBlock + i);
    {
      const FloatMode mode;
      (tables.front()->*f.function)(x.data(), y.data(), kBlock);
      for (const MathTable* table : tables) {
        (table->*f.function)(x.data(), other.data(), kBlock);
        if (std::memcmp(y.data(), other.data(), sizeof(float) * kBlock) == 0) continue;
        for (uint32_t i = 0; i < kBlock; ++i) found.differing += !same_bits(y[i], other[i]);
      }
    }
    for (uint32_t i = 0; i < kBlock; ++i) {
      const double error = ulp_error(f, x[i], y[i]);
      if (error > found.worst) {
        found.worst = error;
        found.worst_x = x[i];
      }
    }
  }
  return found;
}

class MathLong : public testing::TestWithParam<MathFunction> {};

TEST_P(MathLong, StaysWithinItsBoundForEveryFloat) {
  const MathFunction& f = GetParam();
  const uint32_t threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<Found> found(threads);
  std::vector<std::thread> team;
  for (uint32_t t = 0; t < threads; ++t) {
    team.emplace_back([&, t] { found[t] = search(f, t, threads); });
  }
  for (std::thread& thread : team) thread.join();
  Found all;
  for (const Found& part : found) {
    all.differing += part.differing;
    if (part.worst > all.worst) {
      all.worst = part.worst;
      all.worst_x = part.worst_x;
    }
  }
  std::printf("%-8s %.4f ulp at %a\n", f.name, all.worst, static_cast<double>(all.worst_x));
  EXPECT_LE(all.worst, f.ulp);
  EXPECT_EQ(all.differing, 0U);
}

INSTANTIATE_TEST_SUITE_P(Functions, MathLong, testing::ValuesIn(kMathFunctions),
                         [](const auto& f) { return std::string(f.param.name); });

}  // namespace math_long_test
}  // namespace cornu::inline v0::kernels
