#include "cornu/kernels/pool.h"

#include <limits>

#include "cornu/core/sanitized_test.h"
#include "cornu/kernels/pool_cases_test.h"

namespace cornu::inline v0::kernels {
namespace pool_test {

TEST(Pool, OfWholeNumbersIsExact) {
  for (int round = 0; round < drawn(400); ++round) {
    const PoolCase each(static_cast<uint64_t>(round));
    for (const NamedTable& t : all_tables()) each.expect_exact(t);
    if (HasFailure()) return;
  }
}

// Numbers of any size, zeros of both signs, infinities, NaN and denormals.
TEST(Pool, HasTheSameBitsEverywhere) {
  const FloatMode mode;
  const auto specials = special_values();
  for (int round = 0; round < drawn(400); ++round) {
    Draw draw(1000 + static_cast<uint64_t>(round));
    const PoolShape s = drawn_pool_shape(draw);
    SCOPED_TRACE(text_of(s));
    const auto numbers = [&](int64_t size) {
      auto values = draw.floats(size, -2, 2);
      for (float& value : values) {
        if (round % 2 == 0 && draw.below(4) == 0) {
          value = specials[static_cast<size_t>(draw.below(std::ssize(specials)))];
        }
      }
      return values;
    };
    const std::vector<float> x = numbers(s.images * s.image_size());
    const std::vector<float> dy = numbers(s.images * s.out_size());
    const bool accumulate = draw.below(2) == 0;
    const bool mean = draw.below(2) == 0;
    const auto results = [&](const Table& t, int64_t offset) {
      std::vector<int32_t> places(dy.size());
      std::vector<std::vector<float>> all;
      const auto run = [&](const std::vector<float>& before, const auto& kernel) {
        Guarded to(before, offset);
        kernel(to.data());
        EXPECT_TRUE(to.intact());
        all.push_back(to.values());
      };
      const bool rectifies = round % 4 < 2;
      run(dy, [&](float* y) { t.max_pool({s, x.data(), y, nullptr, places.data(), rectifies}); });
      run(x, [&](float* dx) {
        t.max_pool_back({s, dy.data(), nullptr, places.data(), dx, accumulate});
      });
      run(dy, [&](float* y) { t.average_pool({s, x.data(), y, mean, accumulate}); });
      run(x, [&](float* dx) { t.average_pool_back({s, dy.data(), dx, mean, accumulate}); });
      all.emplace_back(places.begin(), places.end());
      return all;
    };
    const auto expected = results(reference_table<float>(), 0);
    for (const NamedTable& t : all_tables()) {
      const auto found = results(*t.kernels, 1);
      for (size_t i = 0; i < found.size(); ++i) {
        ASSERT_TRUE(same_bits(found[i], expected[i])) << t.name << ", result " << i;
      }
    }
  }
}

// One image of 2 × 3 positions and one channel, windows of 2 × 2 that overlap.
constexpr PoolShape kSmall = {.images = 1,
                              .rows = 2,
                              .cols = 3,
                              .channels = 1,
                              .height = 2,
                              .width = 2,
                              .down = 1,
                              .right = 1,
                              .top = 0,
                              .left = 0,
                              .out_rows = 1,
                              .out_cols = 2};

TEST(Pool, TakesTheFirstOfEqualNumbersAndANaN) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const NamedTable& t : all_tables()) {
    SCOPED_TRACE(t.name);
    std::vector<float> y(2);
    std::vector<uint8_t> places(2);
    const std::vector<float> equal = {1, 7, 3, 7, 7, 7};
    t.kernels->max_pool({kSmall, equal.data(), y.data(), places.data(), nullptr});
    EXPECT_EQ(y, (std::vector<float>{7, 7}));
    EXPECT_EQ(places, (std::vector<uint8_t>{1, 0}));
    for (const size_t at : {0, 3}) {
      std::vector<float> x = equal;
      x[at] = nan;
      t.kernels->max_pool({kSmall, x.data(), y.data(), places.data(), nullptr});
      EXPECT_TRUE(std::isnan(y[0]));
      EXPECT_EQ(y[1], 7);
    }
  }
}

TEST(Pool, DividesByThePositionsInside) {
  PoolShape s = kSmall;
  s.top = s.left = 1;
  s.out_rows = 2;
  s.out_cols = 3;
  const std::vector<float> x = {4, 8, -4, 12, 16, 2};
  for (const NamedTable& t : all_tables()) {
    SCOPED_TRACE(t.name);
    std::vector<float> y(6);
    t.kernels->average_pool({s, x.data(), y.data(), true, false});
    EXPECT_EQ(y, (std::vector<float>{4, 6, 2, 8, 10, 5.5F}));
    std::vector<float> dx(6);
    t.kernels->average_pool_back({s, x.data(), dx.data(), true, false});
    EXPECT_EQ(dx, (std::vector<float>{4 + 4 + 6 + 4, 4 - 2 + 4 + 0.5F, -2 + 0.5F, 6 + 4, 4 + 0.5F,
                                      0.5F}));
  }
}

}  // namespace pool_test
}  // namespace cornu::inline v0::kernels
