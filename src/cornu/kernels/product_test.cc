#include <gtest/gtest.h>

#include <cmath>

#include "cornu/core/float_mode.h"
#include "cornu/core/sanitized_test.h"
#include "cornu/kernels/product_cases_test.h"

namespace cornu::inline v0::kernels {
namespace product_test {

/// All of y, gaps included, after the product; checks that nothing else was touched.
std::vector<float> run(const Table& kernels, const Case& c, const Operands& operands,
                       bool finite = false) {
  Guarded x(operands.x, c.offset);
  Guarded w(operands.w, c.offset);
  Guarded start(operands.start, c.offset);
  Guarded y(operands.y, c.offset);
  Guarded pack(std::vector<float>(static_cast<size_t>(product_pack_size(c.depth))), c.offset);
  ProductArgs a = arguments<float>(c);
  a.x = x.data();
  a.w = w.data();
  a.start = c.start == Start::none ? nullptr : c.start == Start::y ? y.data() : start.data();
  a.y = y.data();
  a.pack = pack.data();
  a.finite = finite;
  kernels.product(a);
  EXPECT_TRUE(x.intact() && w.intact() && start.intact() && y.intact() && pack.intact());
  EXPECT_TRUE(same_bits(x.values(), operands.x));
  EXPECT_TRUE(same_bits(w.values(), operands.w));
  return y.values();
}

TEST(Product, OfSmallIntegersIsExact) {
  const FloatMode mode;
  Draw draw(1);
  for (int round = 0; round < drawn(600); ++round) {
    const Case c = draw_case(draw);
    const Operands o = operands_of(c, [&draw] { return static_cast<float>(draw.below(17) - 8); });
    const ProductArgs a = arguments<float>(c);
    std::vector<float> expected = o.y;
    for (int64_t i = 0; i < c.rows; ++i) {
      for (int64_t j = 0; j < c.cols; ++j) {
        const auto at = static_cast<size_t>(i * a.y_row + j);
        const auto start_at = static_cast<size_t>(i * a.start_row + j);
        int64_t sum = 0;
        if (c.start == Start::y) sum = static_cast<int64_t>(o.y[at]);
        if (c.start == Start::bias || c.start == Start::other) {
          sum = static_cast<int64_t>(o.start[start_at]);
        }
        for (int64_t k = 0; k < c.depth; ++k) {
          sum += static_cast<int64_t>(o.x[static_cast<size_t>(i * a.x_row + k * a.x_col)]) *
                 static_cast<int64_t>(o.w[static_cast<size_t>(k * a.w_row + j * a.w_col)]);
        }
        expected[at] = static_cast<float>(sum);
      }
    }
    for (const NamedTable& t : all_tables()) {
      ASSERT_TRUE(same_bits(run(*t.kernels, c, o), expected)) << t.name << " " << text(c);
    }
  }
}

TEST(Product, OfFloatsHasTheSameBitsEverywhereAndIsCloseToDouble) {
  const FloatMode mode;
  Draw draw(2);
  for (int round = 0; round < drawn(300); ++round) {
    const Case c = draw_case(draw);
    const Operands o = operands_of(c, [&draw] { return draw.between(-1, 1); });
    const std::vector<float> expected = run(reference_table<float>(), c, o);
    for (const NamedTable& t : all_tables()) {
      ASSERT_TRUE(same_bits(run(*t.kernels, c, o), expected)) << t.name << " " << text(c);
    }

    const auto x = to_double(o.x);
    const auto w = to_double(o.w);
    const auto start = to_double(o.start);
    auto y = to_double(o.y);
    auto a = arguments<double>(c);
    a.x = x.data();
    a.w = w.data();
    a.start = c.start == Start::none ? nullptr : c.start == Start::y ? y.data() : start.data();
    a.y = y.data();
    const auto before = y;
    reference_table<double>().product(a);
    for (int64_t i = 0; i < c.rows; ++i) {
      for (int64_t j = 0; j < c.cols; ++j) {
        const auto at = static_cast<size_t>(i * a.y_row + j);
        const auto start_at = static_cast<size_t>(i * a.start_row + j);
        double size = c.start == Start::none
                          ? 0
                          : std::abs(c.start == Start::y ? before[at] : start[start_at]);
        for (int64_t k = 0; k < c.depth; ++k) {
          size += std::abs(x[static_cast<size_t>(i * a.x_row + k * a.x_col)] *
                           w[static_cast<size_t>(k * a.w_row + j * a.w_col)]);
        }
        ASSERT_LE(std::abs(expected[at] - y[at]),
                  1.01 * static_cast<double>(c.depth) * 0x1p-24 * size)
            << text(c) << " at " << i << ", " << j;
      }
    }
  }
}

TEST(Product, PassesSpecialValuesTheSameWay) {
  const FloatMode mode;
  Draw draw(3);
  const auto values = special_values();
  for (int round = 0; round < drawn(300); ++round) {
    Case c = draw_case(draw);
    c.depth = draw.below(4);
    const Operands o = operands_of(c, [&] {
      return values[static_cast<size_t>(draw.below(static_cast<int64_t>(values.size())))];
    });
    const std::vector<float> expected = run(reference_table<float>(), c, o);
    for (const NamedTable& t : all_tables()) {
      ASSERT_TRUE(same_bits(run(*t.kernels, c, o), expected)) << t.name << " " << text(c);
    }
  }
}

TEST(Product, GivesARowTheSameBitsAloneAndInABatch) {
  const FloatMode mode;
  Draw draw(4);
  const int64_t rows = 23;
  const int64_t cols = 75;
  const int64_t depth = 300;
  const auto x = draw.floats(rows * depth, -1, 1);
  const auto w = draw.floats(depth * cols, -1, 1);
  std::vector<float> pack(static_cast<size_t>(product_pack_size(depth)));
  for (const NamedTable& t : all_tables()) {
    std::vector<float> batch(static_cast<size_t>(rows * cols));
    std::vector<float> alone(batch.size());
    ProductArgs a = {x.data(), depth,        1,    w.data(), cols, 1,     nullptr,
                     0,        batch.data(), cols, rows,     cols, depth, pack.data()};
    t.kernels->product(a);
    a.rows = 1;
    for (int64_t i = 0; i < rows; ++i) {
      a.x = x.data() + i * depth;
      a.y = alone.data() + i * cols;
      t.kernels->product(a);
    }
    EXPECT_TRUE(same_bits(batch, alone)) << t.name;
  }
}

// A row alone may leave out its zeros where the weights are known to be finite.
TEST(Product, OfOneRowLeavesOutZeros) {
  const FloatMode mode;
  Draw draw(6);
  for (int round = 0; round < drawn(300); ++round) {
    Case c = draw_case(draw);
    c.rows = 1;
    const int64_t zeros = draw.below(4);
    const Operands o = operands_of(c, [&] {
      return draw.below(4) < zeros ? draw.below(2) == 0 ? 0.0F : -0.0F : draw.between(-1, 1);
    });
    const std::vector<float> expected = run(reference_table<float>(), c, o);
    for (const NamedTable& t : all_tables()) {
      ASSERT_TRUE(same_bits(run(*t.kernels, c, o, true), expected)) << t.name << " " << text(c);
    }
  }
}

/// One step of a chain: fma of every pair of a column of x and a row of w with a start, and the 0
/// at the end that makes −0 into 0.
void expect_fused(const std::vector<float>& x, const std::vector<float>& w,
                  const std::vector<float>& start) {
  const auto rows = static_cast<int64_t>(x.size());
  const auto cols = static_cast<int64_t>(w.size());
  std::vector<float> pack(static_cast<size_t>(product_pack_size(1)));
  std::vector<float> expected(start.size());
  for (size_t i = 0; i < start.size(); ++i) {
    expected[i] = std::fma(x[i / w.size()], w[i % w.size()], start[i]) + 0.0F;
  }
  for (const NamedTable& t : all_tables()) {
    std::vector<float> y(start.size());
    t.kernels->product({x.data(), 1, 1, w.data(), cols, 1, start.data(), cols, y.data(), cols, rows,
                        cols, 1, pack.data()});
    for (size_t i = 0; i < y.size(); ++i) {
      ASSERT_TRUE(same_bits(y[i], expected[i]))
          << t.name << std::hexfloat << ": fma(" << x[i / w.size()] << ", " << w[i % w.size()]
          << ", " << start[i] << ") + 0 is " << expected[i] << ", not " << y[i];
    }
  }
}

void check_rounding() {
  Draw draw(5);
  for (int round = 0; round < drawn(64); ++round) {
    std::vector<float> x(128);
    std::vector<float> w(128);
    std::vector<float> start(x.size() * w.size());
    for (float& value : x) value = draw.pattern();
    for (float& value : w) value = draw.pattern();
    // Starts of any size, then starts near the product: there the sum cancels, rounds at
    // the last bit, or falls half-way.
    for (size_t i = 0; i < start.size(); ++i) {
      const float product = x[i / w.size()] * w[i % w.size()];
      const float scaled = std::ldexp(product, static_cast<int>(draw.below(64)) - 32);
      const float choices[] = {draw.pattern(), -product, scaled, -scaled};
      start[i] = choices[draw.below(4)];
    }
    expect_fused(x, w, start);
  }
}

TEST(Product, RoundsOnceAsFmaDoes) {
  check_rounding();
  const FloatMode mode;
  check_rounding();
}

TEST(Product, RoundsOnceWhereRoundingTwiceWouldNot) {
  // Products with few bits and starts of powers of two: exact halves, and halves with a rest
  // far below, which a sum in double alone would lose.
  std::vector<float> x;
  std::vector<float> w;
  for (int bits = 1; bits < 24; ++bits) {
    x.push_back(std::ldexp(1.0F, 0) + std::ldexp(1.0F, -bits));
    x.push_back(-std::ldexp(1.0F, 0) + std::ldexp(1.0F, -bits));
    w.push_back(std::ldexp(1.0F, -bits - 10) + std::ldexp(1.0F, -bits - 33));
    w.push_back(std::ldexp(1.0F, -bits));
    w.push_back(std::ldexp(1.0F, -100) + std::ldexp(1.0F, -123));
  }
  const auto check = [&] {
    for (int exponent = -150; exponent <= 127; exponent += 1) {
      std::vector<float> start(x.size() * w.size());
      Draw draw(static_cast<uint64_t>(exponent + 200));
      for (float& value : start) {
        const float one = std::ldexp(1.0F, exponent);
        const float ulp = std::ldexp(1.0F, exponent - 23);
        const float choices[] = {one, -one, one + ulp, ulp - one};
        value = choices[draw.below(4)];
      }
      expect_fused(x, w, start);
    }
  };
  check();
  const FloatMode mode;
  check();
}

}  // namespace product_test
}  // namespace cornu::inline v0::kernels
