#include "cornu/kernels/depthwise.h"

#include "cornu/core/sanitized_test.h"
#include "cornu/kernels/depthwise_cases_test.h"

namespace cornu::inline v0::kernels {
namespace depthwise_test {

TEST(Depthwise, OfWholeNumbersIsExact) {
  for (int round = 0; round < drawn(400); ++round) {
    DepthwiseCase each(static_cast<uint64_t>(round));
    for (const NamedTable& t : all_tables()) each.expect_exact(t);
    if (HasFailure()) return;
  }
}

TEST(Depthwise, OutputsInsideHaveAllTaps) {
  for (int round = 0; round < 2000; ++round) {
    Draw draw(static_cast<uint64_t>(round));
    const TapAxis axis = drawn_axis(draw);
    if (axis.taps == 0) continue;
    SCOPED_TRACE(text_of(axis));
    for (int64_t output = 0; output < axis.outputs; ++output) {
      bool inside = true;
      for (int64_t tap = 0; tap < axis.taps; ++tap) {
        const int64_t position = axis.first + output * axis.step + tap * axis.apart;
        inside = inside && position >= 0 && position < axis.extent;
      }
      ASSERT_EQ(inside, output >= axis.begin_inside() && output < axis.end_inside()) << output;
    }
  }
}

// Numbers of any size, zeros of both signs, infinities, NaN and denormals.
TEST(Depthwise, HasTheSameBitsEverywhere) {
  const FloatMode mode;
  const auto specials = special_values();
  for (int round = 0; round < drawn(400); ++round) {
    const DepthwiseCase each(1000 + static_cast<uint64_t>(round));
    Draw draw(2000 + static_cast<uint64_t>(round));
    SCOPED_TRACE(each.text());
    const auto numbers = [&](size_t size) {
      auto values = draw.floats(static_cast<int64_t>(size), -2, 2);
      for (float& value : values) {
        if (round % 2 == 0 && draw.below(4) == 0) {
          value = specials[static_cast<size_t>(draw.below(std::ssize(specials)))];
        }
      }
      return values;
    };
    const auto x = numbers(each.x.size());
    const auto w = numbers(each.w.size());
    const auto bias = numbers(each.bias.size());
    const auto before = numbers(each.y.size());
    const auto sums = [&](const Table& t, int64_t offset) {
      Guarded y(before, offset), dw(w, offset);
      t.depthwise(each.args(x.data(), w.data(), bias.data(), y.data()));
      t.depthwise_kernel(each.kernel_args(x.data(), before.data(), dw.data(), 0,
                                          each.down.taps * each.across.taps));
      EXPECT_TRUE(y.intact() && dw.intact());
      return std::vector{y.values(), dw.values()};
    };
    const auto expected = sums(reference_table<float>(), 0);
    for (const NamedTable& t : all_tables()) {
      const auto found = sums(*t.kernels, 1);
      ASSERT_TRUE(same_bits(found[0], expected[0])) << t.name;
      ASSERT_TRUE(same_bits(found[1], expected[1])) << t.name << ", dw";
    }
  }
}

// The chain of each output is the one of products: a sum that is −0 becomes +0, and a start is the
// first number of the chain, not the last.
TEST(Depthwise, IsOneChainOfMultiplyAdds) {
  const TapAxis two = {.extent = 2, .outputs = 1, .first = 0, .step = 1, .taps = 2, .apart = 1};
  const TapAxis one = {.extent = 1, .outputs = 1, .first = 0, .step = 1, .taps = 1, .apart = 1};
  for (const NamedTable& t : all_tables()) {
    SCOPED_TRACE(t.name);
    const auto sum = [&](std::vector<float> x, std::vector<float> w, float start) {
      float y = 0;
      t.kernels->depthwise({.down = one,
                            .across = two,
                            .x = x.data(),
                            .x_row = 2,
                            .x_col = 1,
                            .w = w.data(),
                            .w_row = 2,
                            .w_col = 1,
                            .start = &start,
                            .start_row = 0,
                            .start_col = 0,
                            .y = &y,
                            .y_row = 1,
                            .y_col = 1,
                            .channels = 1,
                            .depth = 1});
      return y;
    };
    EXPECT_TRUE(same_bits(sum({0, 0}, {-1, -1}, -0.0F), 0.0F));
    // 2^24 + 1 is no float: rounded after each step.
    EXPECT_EQ(sum({1, 1}, {1, 1}, 0x1p24F), 0x1p24F);
    EXPECT_EQ(sum({0x1p24F, 1}, {1, 1}, 1), 0x1p24F);
    // (1 + 2^-12)² − 1 = 2^-11 + 2^-24, which a product rounded by itself loses.
    EXPECT_EQ(sum({0, 1 + 0x1p-12F}, {0, 1 + 0x1p-12F}, -1), 0x1p-11F + 0x1p-24F);
  }
}

}  // namespace depthwise_test
}  // namespace cornu::inline v0::kernels
