#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"
#include "cornu/kernels/step_numbers.h"

namespace cornu::inline v0::kernels {
namespace gradient_changes_test {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Two arrays that a kernel may change.
struct Arrays {
  std::vector<float> a, b;
};
using Kernel = std::function<void(const Table&, float* a, float* b, int64_t size)>;

Arrays changed(const Table& t, const Kernel& run, const Arrays& before, int64_t offset = 1) {
  Guarded a(before.a, offset);
  Guarded b(before.b, offset);
  run(t, a.data(), b.data(), static_cast<int64_t>(before.a.size()));
  EXPECT_TRUE(a.intact() && b.intact());
  return {a.values(), b.values()};
}

std::vector<Arrays> all_arrays() {
  Draw draw(5);
  std::vector<Arrays> all;
  for (int64_t size = 0; size < 70; ++size) {
    all.push_back({draw.floats(size, -4, 4), draw.floats(size, -4, 4)});
  }
  Arrays special;
  for (const float a : special_values()) {
    for (const float b : special_values()) {
      special.a.push_back(a);
      special.b.push_back(b);
    }
  }
  all.push_back(special);
  return all;
}

void expect_same_bits_everywhere(const Kernel& run, const std::string& what) {
  const FloatMode mode;
  for (const Arrays& before : all_arrays()) {
    const Arrays expected = changed(reference_table<float>(), run, before);
    for (const NamedTable& t : all_tables()) {
      const Arrays found = changed(*t.kernels, run, before);
      EXPECT_TRUE(same_bits(found.a, expected.a)) << what << ", " << t.name;
      EXPECT_TRUE(same_bits(found.b, expected.b)) << what << ", " << t.name;
    }
  }
}

TEST(GradientChanges, HaveTheSameBitsEverywhere) {
  for (const bool yes : {false, true}) {
    expect_same_bits_everywhere(
        [yes](const Table& t, float* a, float* b, int64_t n) {
          t.accumulate({.dw = a, .sum = b, .size = n, .steps = 3, .closes = yes});
        },
        "accumulate");
    expect_same_bits_everywhere(
        [yes](const Table& t, float* a, float* b, int64_t n) {
          t.moving_average({a, b, n, 0.9F, 0.1F, yes});
        },
        "moving_average");
    expect_same_bits_everywhere(
        [yes](const Table& t, float* a, float* b, int64_t n) {
          t.penalty_back({.w = a,
                          .dw = b,
                          .size = n,
                          .factor = 0.5F,
                          .l1 = 0.3F,
                          .l2 = 0.7F,
                          .accumulate = yes});
        },
        "penalty_back");
    expect_same_bits_everywhere(
        [yes](const Table& t, float* a, float*, int64_t n) {
          t.fill({a, n, 0.3F, yes});
        },
        "fill");
  }
  expect_same_bits_everywhere(
      [](const Table& t, float* a, float*, int64_t n) {
        t.clip({a, n, 1.5F});
      },
      "clip");
  expect_same_bits_everywhere(
      [](const Table& t, float* a, float*, int64_t n) {
        t.scale({a, n, 0.3F});
      },
      "scale");
  expect_same_bits_everywhere(
      [](const Table& t, float* a, float*, int64_t n) {
        t.decay({a, n, 0.1F, 0.01F});
      },
      "decay");
}

TEST(GradientChanges, AreTheirFormulas) {
  const FloatMode mode;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const NamedTable& t : all_tables()) {
    const auto of = [&](const Kernel& run, const Arrays& before) {
      return changed(*t.kernels, run, before);
    };
    const Arrays open = of(
        [](const Table& k, float* dw, float* sum, int64_t n) {
          k.accumulate({.dw = dw, .sum = sum, .size = n, .steps = 2, .closes = false});
        },
        {{1, 2}, {10, 20}});
    EXPECT_EQ(open.a, (std::vector<float>{1, 2})) << t.name;
    EXPECT_EQ(open.b, (std::vector<float>{11, 22})) << t.name;
    const Arrays closed = of(
        [](const Table& k, float* dw, float* sum, int64_t n) {
          k.accumulate({.dw = dw, .sum = sum, .size = n, .steps = 2, .closes = true});
        },
        {{1, 2}, {10, 20}});
    EXPECT_EQ(closed.a, (std::vector<float>{5.5F, 11})) << t.name;
    EXPECT_EQ(closed.b, (std::vector<float>{0, 0})) << t.name;
    const Arrays clipped = of(
        [](const Table& k, float* dw, float*, int64_t n) {
          k.clip({dw, n, 1});
        },
        {{-kInfinity, -2, -0.5F, 0.5F, 2, kInfinity, nan}, std::vector<float>(7)});
    EXPECT_TRUE(same_bits(clipped.a, {-1, -1, -0.5F, 0.5F, 1, 1, nan})) << t.name;
    const Arrays decayed = of(
        [](const Table& k, float* w, float*, int64_t n) {
          k.decay({w, n, 0.5F, 0.25F});
        },
        {{8, -16}, {0, 0}});
    EXPECT_EQ(decayed.a, (std::vector<float>{7, -14})) << t.name;
    const Arrays averaged = of(
        [](const Table& k, float* average, float* w, int64_t n) {
          k.moving_average({average, w, n, 0.75F, 0.25F, true});
        },
        {{4, 8}, {8, 0}});
    EXPECT_EQ(averaged.a, (std::vector<float>{5, 6})) << t.name;
    EXPECT_EQ(averaged.b, averaged.a) << t.name;
    const Arrays slopes = of(
        [](const Table& k, float* w, float* dw, int64_t n) {
          k.penalty_back(
              {.w = w, .dw = dw, .size = n, .factor = 2, .l1 = 3, .l2 = 0.5F, .accumulate = true});
        },
        {{-2, 0, 4}, {1, 1, 1}});
    EXPECT_EQ(slopes.b, (std::vector<float>{1 - 8, 1, 1 + 10})) << t.name;
    const std::vector<float> w = {-2, 0, 4};
    EXPECT_EQ(t.kernels->penalty(w.data(), 3, 3, 0.5), 3 * 6 + 0.5 * 20) << t.name;
  }
}

TEST(Embedding, TakesTheNearestLineAndAddsInTheOrderOfTheIndices) {
  const FloatMode mode;
  const std::vector<float> x = {2, 0, -7, 99, 1.9F, std::numeric_limits<float>::quiet_NaN(), 2};
  const std::vector<int64_t> lines = {2, 0, 0, 2, 1, 0, 2};
  for (const NamedTable& t : all_tables()) {
    for (const int64_t cols : {1, 7, 16, 19}) {
      Draw draw(7);
      const std::vector<float> table = draw.floats(3 * cols, -1, 1);
      const std::vector<float> dy = draw.floats(7 * cols, -1, 1);
      Guarded y(std::vector<float>(static_cast<size_t>(7 * cols)), 1);
      t.kernels->embedding({x.data(), 7, table.data(), 3, cols, y.data()});
      Guarded dtable(table, 1);
      t.kernels->embedding_back(
          {x.data(), 7, dy.data(), dtable.data(), 3, cols, 1, 3, /*accumulate=*/false});
      EXPECT_TRUE(y.intact() && dtable.intact());
      std::vector<float> expected = table;
      std::fill(expected.begin() + cols, expected.end(), 0.0F);
      for (size_t i = 0; i < lines.size(); ++i) {
        for (int64_t j = 0; j < cols; ++j) {
          const auto of_y = i * static_cast<size_t>(cols) + static_cast<size_t>(j);
          const auto of_table = static_cast<size_t>(lines[i] * cols + j);
          EXPECT_EQ(y.values()[of_y], table[of_table]) << t.name;
          if (lines[i] >= 1) expected[of_table] += dy[of_y];
        }
      }
      EXPECT_TRUE(same_bits(dtable.values(), expected)) << t.name << ", " << cols;
    }
  }
}

TEST(StepNumbers, AreTheirFormulas) {
  double power_1 = 1;
  double power_2 = 1;
  double schedule = 1;
  double decay_power = 1;
  for (int t = 1; t <= 5; ++t) {
    next_power(0.9, power_1);
    next_power(0.999, power_2);
    EXPECT_DOUBLE_EQ(power_1, std::pow(0.9, t));
    EXPECT_DOUBLE_EQ(adam_step(0.01, power_1, power_2),
                     0.01 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t)));
    EXPECT_DOUBLE_EQ(adamax_step(0.01, power_1), 0.01 / (1 - std::pow(0.9, t)));
    const auto mu = [](int step) { return 0.9 * (1 - 0.5 * std::pow(0.96, step)); };
    double product = 1;
    for (int i = 1; i <= t; ++i) product *= mu(i);
    next_power(0.96, decay_power);
    const NadamNumbers found = nadam_numbers(0.9, 0.96, decay_power, power_2, schedule);
    EXPECT_NEAR(found.c0, mu(t + 1) / (1 - product * mu(t + 1)), 1e-14);
    EXPECT_NEAR(found.c1, (1 - mu(t)) / (1 - product), 1e-14);
    EXPECT_NEAR(found.c2, 1 / (1 - std::pow(0.999, t)), 1e-9);
  }
}

}  // namespace gradient_changes_test
}  // namespace cornu::inline v0::kernels
