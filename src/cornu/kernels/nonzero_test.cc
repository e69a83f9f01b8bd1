#include <gtest/gtest.h>

#include <bit>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace nonzero_test {

using Words = std::vector<uint64_t>;

/// Room for the bits of rows × cols, `gap` words between blocks of 64 columns.
size_t room(int64_t rows, int64_t cols, int64_t gap) {
  return static_cast<size_t>((cols + 63) / 64 * (rows + gap));
}

/// The bits that the kernel writes for x, into words that held other bits before.
template <class X>
Words nonzero_of(const Table& t, DType dtype, const std::vector<X>& x, uint8_t zero, int64_t rows,
                 int64_t cols, int64_t gap) {
  GuardedOf<X> from(x, 1);
  GuardedOf<uint64_t> bits(Words(room(rows, cols, gap), 99), 1);
  std::vector<const void*> places;
  for (int64_t i = 0; i < rows; ++i) places.push_back(from.data() + i * cols);
  t.nonzero({places.data(), dtype, zero, rows, cols, bits.data(), rows + gap});
  EXPECT_TRUE(from.intact() && bits.intact());
  return bits.values();
}

template <class X>
void expect_nonzero(DType dtype, const std::vector<X>& x, uint8_t zero, int64_t rows, int64_t cols,
                    int64_t gap) {
  Words expected(room(rows, cols, gap), 99);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < cols; ++j) {
      uint64_t& word = expected[static_cast<size_t>(j / 64 * (rows + gap) + i)];
      if (j % 64 == 0) word = 0;
      const bool set = x[static_cast<size_t>(i * cols + j)] != static_cast<X>(zero);
      word |= static_cast<uint64_t>(set) << (j % 64);
    }
  }
  for (const NamedTable& t : all_tables()) {
    EXPECT_EQ(nonzero_of(*t.kernels, dtype, x, zero, rows, cols, gap), expected)
        << t.name << " " << rows << "x" << cols;
  }
}

TEST(Nonzero, MarksBytesOtherThanTheZeroByte) {
  Draw draw(1);
  for (int64_t cols = 0; cols <= 200; ++cols) {
    const int64_t rows = draw.below(5);
    const auto zero = static_cast<uint8_t>(cols % 3 == 0 ? 0 : draw.below(256));
    const int64_t share = draw.below(5);
    std::vector<uint8_t> x(static_cast<size_t>(rows * cols), zero);
    for (uint8_t& value : x) {
      if (draw.below(4) < share) value = static_cast<uint8_t>(draw.below(256));
    }
    expect_nonzero(DType::uint8, x, zero, rows, cols, draw.below(3));
  }
}

TEST(Nonzero, DistinguishesAllBytes) {
  std::vector<uint8_t> x;
  for (int byte = 0; byte < 256; ++byte) x.push_back(static_cast<uint8_t>(byte));
  for (int zero = 0; zero < 256; ++zero) {
    expect_nonzero(DType::uint8, x, static_cast<uint8_t>(zero), 1, 256, 0);
  }
}

TEST(Nonzero, MarksFloatsThatCompareUnequalToZero) {
  const auto special = special_values();
  const auto check = [&] {
    Draw draw(2);
    for (int64_t cols = 0; cols <= 200; ++cols) {
      const int64_t rows = draw.below(5);
      auto x = draw.floats(rows * cols, -1, 1);
      for (float& value : x) {
        if (draw.below(2) == 0) value = special[static_cast<size_t>(draw.below(15))];
      }
      // Which byte stands for 0 does not matter for floats.
      for (const NamedTable& t : all_tables()) {
        EXPECT_EQ(nonzero_of(*t.kernels, DType::float32, x, 7, rows, cols, 0),
                  nonzero_of(*t.kernels, DType::float32, x, 0, rows, cols, 0));
      }
      expect_nonzero(DType::float32, x, 0, rows, cols, draw.below(3));
    }
  };
  check();
  const FloatMode mode;
  check();
}

TEST(Nonzero, TreatsADenormalAsZeroInTheFloatMode) {
  const std::vector<float> x = {0.0F,
                                -0.0F,
                                0x1p-149F,
                                -0x1p-127F,
                                0x1p-126F,
                                -0x1p-126F,
                                std::numeric_limits<float>::infinity(),
                                std::numeric_limits<float>::quiet_NaN()};
  for (const NamedTable& t : all_tables()) {
    EXPECT_EQ(nonzero_of(*t.kernels, DType::float32, x, 0, 1, 8, 0), Words{0b11111100}) << t.name;
    const FloatMode mode;
    EXPECT_EQ(nonzero_of(*t.kernels, DType::float32, x, 0, 1, 8, 0), Words{0b11110000}) << t.name;
  }
}

Words draw_bits(Draw& draw, int64_t rows, int64_t cols, int64_t gap) {
  Words bits(room(rows, cols, gap), ~uint64_t{0});
  const int64_t share = draw.below(5);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < cols; ++j) {
      uint64_t& word = bits[static_cast<size_t>(j / 64 * (rows + gap) + i)];
      if (j % 64 == 0) word = 0;
      word |= static_cast<uint64_t>(draw.below(4) < share) << (j % 64);
    }
  }
  return bits;
}

TEST(TransposeBits, IsTheTranspose) {
  Draw draw(3);
  for (int64_t size = 0; size <= 200; ++size) {
    for (const auto& [rows, cols] : {std::pair{size, draw.below(201)}, {draw.below(201), size}}) {
      const int64_t x_gap = draw.below(3);
      const int64_t y_gap = draw.below(3);
      const Words x = draw_bits(draw, rows, cols, x_gap);
      Words expected(room(cols, rows, y_gap), 99);
      for (int64_t i = 0; i < rows; ++i) {
        for (int64_t j = 0; j < cols; ++j) {
          const uint64_t from = x[static_cast<size_t>(j / 64 * (rows + x_gap) + i)];
          uint64_t& to = expected[static_cast<size_t>(i / 64 * (cols + y_gap) + j)];
          if (i % 64 == 0) to = 0;
          to |= (from >> (j % 64) & 1) << (i % 64);
        }
      }
      for (const NamedTable& t : all_tables()) {
        GuardedOf<uint64_t> from(x, 1);
        GuardedOf<uint64_t> to(Words(expected.size(), 99), 1);
        t.kernels->transpose_bits({from.data(), rows + x_gap, to.data(), cols + y_gap, rows, cols});
        EXPECT_TRUE(from.intact() && to.intact());
        ASSERT_EQ(to.values(), expected) << t.name << " " << rows << "x" << cols;
      }
    }
  }
}

TEST(CountBits, CountsTheUnionOfEachGroupOfRows) {
  Draw draw(4);
  for (int64_t rows = 0; rows <= 40; ++rows) {
    const int64_t cols = draw.below(201);
    const int64_t gap = draw.below(3);
    const Words bits = draw_bits(draw, rows, cols, gap);
    for (int64_t group = 1; group <= 5; ++group) {
      int64_t expected = 0;
      for (int64_t j = 0; j < cols; ++j) {
        for (int64_t i = 0; i < rows; i += group) {
          bool any = false;
          for (int64_t r = i; r < i + group && r < rows; ++r) {
            any =
                any || (bits[static_cast<size_t>(j / 64 * (rows + gap) + r)] >> (j % 64) & 1) != 0;
          }
          expected += any;
        }
      }
      for (const NamedTable& t : all_tables()) {
        EXPECT_EQ(t.kernels->count_bits({bits.data(), rows + gap, rows, cols, group}), expected)
            << t.name << " " << rows << "x" << cols << " by " << group;
      }
    }
  }
}

}  // namespace nonzero_test
}  // namespace cornu::inline v0::kernels
