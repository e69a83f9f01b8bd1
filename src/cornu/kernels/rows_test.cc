#include <gtest/gtest.h>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace rows_test {

std::vector<float> sums(const Table& t, const std::vector<float>& x, int64_t x_row, int64_t rows,
                        const std::vector<float>& before, bool accumulate, int64_t offset) {
  Guarded from(x, offset);
  Guarded y(before, offset);
  t.sum_rows({from.data(), x_row, y.data(), rows, static_cast<int64_t>(before.size()), accumulate});
  EXPECT_TRUE(from.intact() && y.intact());
  return y.values();
}

TEST(SumRows, HasTheSameBitsEverywhereAndIsCloseToDouble) {
  const FloatMode mode;
  Draw draw(1);
  for (int64_t cols = 0; cols < 140; ++cols) {
    const int64_t rows = draw.below(40);
    const int64_t x_row = cols + draw.below(3);
    const auto x = draw.floats(rows * x_row, -1, 1);
    const auto before = draw.floats(cols, -1, 1);
    for (bool accumulate : {false, true}) {
      const auto expected = sums(reference_table<float>(), x, x_row, rows, before, accumulate, 0);
      for (const NamedTable& t : all_tables()) {
        EXPECT_TRUE(same_bits(sums(*t.kernels, x, x_row, rows, before, accumulate, 1), expected))
            << t.name << " " << rows << "x" << cols;
      }
      const auto wide = to_double(x);
      auto y = to_double(before);
      reference_table<double>().sum_rows({wide.data(), x_row, y.data(), rows, cols, accumulate});
      EXPECT_TRUE(close(expected, y, 0, 0x1p-24 * 41 * 41));
    }
  }
}

TEST(SumRows, PassesSpecialValuesTheSameWay) {
  const FloatMode mode;
  Draw draw(2);
  const auto values = special_values();
  for (int round = 0; round < 50; ++round) {
    std::vector<float> x(3 * 37);
    for (float& value : x) {
      value = values[static_cast<size_t>(draw.below(static_cast<int64_t>(values.size())))];
    }
    const auto before = draw.floats(37, -1, 1);
    const auto expected = sums(reference_table<float>(), x, 37, 3, before, true, 0);
    for (const NamedTable& t : all_tables()) {
      EXPECT_TRUE(same_bits(sums(*t.kernels, x, 37, 3, before, true, 0), expected)) << t.name;
    }
  }
}

TEST(SumRows, AddsFromTheTopDown) {
  const FloatMode mode;
  // 2²⁴ + 1 is 2²⁴ in float; added last, two ones are lost, added first they are not.
  const std::vector<float> x = {1, 1, 0x1p24F};
  const std::vector<float> reversed = {0x1p24F, 1, 1};
  for (const NamedTable& t : all_tables()) {
    EXPECT_EQ(sums(*t.kernels, x, 1, 3, {0}, false, 0)[0], 0x1p24F + 2) << t.name;
    EXPECT_EQ(sums(*t.kernels, reversed, 1, 3, {0}, false, 0)[0], 0x1p24F) << t.name;
  }
}

}  // namespace rows_test
}  // namespace cornu::inline v0::kernels
