#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "cornu/core/float_mode.h"
#include "cornu/core/rng.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace scalar_test {

TEST(Decode, DividesBytesExactly) {
  const FloatMode mode;
  for (size_t size : {1, 7, 16, 28, 256, 3000}) {
    std::vector<uint8_t> x(size);
    for (size_t i = 0; i < size; ++i) x[i] = static_cast<uint8_t>(i * 7);
    for (const NamedTable& t : all_tables()) {
      Guarded y(std::vector<float>(size), 1);
      t.kernels->decode(
          {x.data(), DType::uint8, y.data(), static_cast<int64_t>(size), 255.0F, 0.0F});
      EXPECT_TRUE(y.intact()) << t.name;
      const auto values = y.values();
      for (size_t i = 0; i < size; ++i) {
        // A quotient in double, rounded again, is right for so few bits.
        ASSERT_EQ(values[i], static_cast<float>(x[i] / 255.0)) << t.name;
      }
    }
  }
}

template <class X>
void expect_decoded(const std::vector<X>& x, float divisor, float offset) {
  for (const NamedTable& t : all_tables()) {
    std::vector<float> y(x.size());
    t.kernels->decode(
        {x.data(), dtype_of<X>(), y.data(), static_cast<int64_t>(x.size()), divisor, offset});
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(y[i], (static_cast<float>(x[i]) - offset) / divisor) << t.name << " " << x[i];
    }
  }
}

TEST(Decode, TakesEveryDtypeAndAnOffset) {
  const FloatMode mode;
  expect_decoded<uint8_t>({0, 1, 127, 255}, 127.5F, 127.5F);
  expect_decoded<int32_t>({-5, 0, 16777217, 2147483647}, 3.0F, 1.0F);
  expect_decoded<int64_t>({-5, 0, 16777217, int64_t{1} << 40}, 3.0F, 1.0F);
  expect_decoded<float>({-0.5F, 0, 1e30F}, 7.0F, 0.25F);
  expect_decoded<double>({-0.1, 0, 1e30}, 7.0F, 0.25F);
}

TEST(Encode, GivesTheBytesThatAreDecodedToTheSameBits) {
  const FloatMode mode;
  for (const auto& [divisor, offset] : {std::pair(255.0F, 0.0F), {127.5F, 127.5F}, {1.0F, 0.0F}}) {
    for (size_t size : {1, 3, 15, 16, 17, 64, 300}) {
      std::vector<float> x;
      for (size_t i = 0; i < size; ++i) {
        x.push_back((static_cast<float>((i + size) * 7 % 256) - offset) / divisor);
      }
      for (const NamedTable& t : all_tables()) {
        std::vector<uint8_t> y(size + 1, 77);
        ASSERT_TRUE(
            t.kernels->encode({x.data(), y.data(), static_cast<int64_t>(size), divisor, offset}))
            << t.name;
        for (size_t i = 0; i < size; ++i) ASSERT_EQ(y[i], (i + size) * 7 % 256) << t.name;
        EXPECT_EQ(y[size], 77) << t.name;
      }
    }
  }
}

TEST(Encode, RefusesWhatNoByteStandsFor) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const float other :
       {-0.0F, std::nanf(""), -std::nanf(""), kInfinity, -kInfinity, -1.0F / 255, 256.0F / 255,
        0.3F, std::nextafter(1.0F, 0.0F), std::nextafter(1.0F, 2.0F), 3e38F, -3e38F, 1e-45F}) {
    for (size_t position : {0, 15, 16, 40, 46}) {
      std::vector<float> x(47, 1.0F / 255);
      x[position] = other;
      std::vector<uint8_t> y(x.size());
      for (const NamedTable& t : all_tables()) {
        EXPECT_FALSE(t.kernels->encode({x.data(), y.data(), 47, 255.0F, 0.0F}))
            << t.name << ": " << other << " at " << position;
        const FloatMode mode;
        EXPECT_FALSE(t.kernels->encode({x.data(), y.data(), 47, 255.0F, 0.0F}))
            << t.name << ": " << other << " at " << position;
      }
    }
  }
}

TEST(OneHot, TakesLabelsOfEveryDtype) {
  const std::vector<uint8_t> small = {2, 0, 4};
  const std::vector<int32_t> middle = {2, 0, 4};
  const std::vector<int64_t> large = {2, 0, 4};
  const std::vector<float> numbers = {2, 0, 4};
  const std::vector<double> exact = {2, 0, 4};
  const std::vector<float> expected = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  for (const NamedTable& t : all_tables()) {
    for (const auto& [labels, dtype] : {std::pair<const void*, DType>{small.data(), DType::uint8},
                                        {middle.data(), DType::int32},
                                        {large.data(), DType::int64},
                                        {numbers.data(), DType::float32},
                                        {exact.data(), DType::float64}}) {
      Guarded y(std::vector<float>(15, 9));
      t.kernels->one_hot({labels, dtype, y.data(), 3, 5});
      EXPECT_TRUE(y.intact() && same_bits(y.values(), expected)) << t.name << " " << name(dtype);
    }
  }
}

TEST(OneHot, OfNoClassIsZeros) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> numbers = {-1, 3, 1e30F, nan, -1e30F, 2};
  const std::vector<int64_t> large = {-1, 3, int64_t{1} << 62, 4, -(int64_t{1} << 62), 2};
  std::vector<float> expected(18, 0);
  expected[17] = 1;
  for (const NamedTable& t : all_tables()) {
    for (const auto& [labels, dtype] : {std::pair<const void*, DType>{large.data(), DType::int64},
                                        {numbers.data(), DType::float32}}) {
      Guarded y(std::vector<float>(18, 9));
      t.kernels->one_hot({labels, dtype, y.data(), 6, 3});
      EXPECT_TRUE(y.intact() && same_bits(y.values(), expected)) << t.name << " " << name(dtype);
    }
  }
}

TEST(Dropout, KeepsTheElementsThatTheGeneratorSelects) {
  const FloatMode mode;
  Draw draw(1);
  const std::vector<uint64_t> sample = {7, uint64_t{1} << 40, 0};
  const float rate = 0.3F;
  const uint64_t key = 0x123456789ABCDEF;
  for (int64_t cols : {1, 3, 4, 5, 16, 17, 23, 63, 64, 65, 80, 200}) {
    const auto x = draw.floats(3 * cols, -1, 1);
    const auto before = draw.floats(3 * cols, -1, 1);
    for (bool accumulate : {false, true}) {
      std::vector<float> expected;
      for (int64_t i = 0; i < 3 * cols; ++i) {
        const auto j = static_cast<uint64_t>(i % cols);
        const auto words = Philox::words(key, sample[static_cast<size_t>(i / cols)], j / 4);
        const auto at = static_cast<size_t>(i);
        const float value = uniform(words[j % 4]) >= rate ? x[at] * (1 / (1 - rate)) : 0.0F;
        expected.push_back(accumulate ? before[at] + value : value);
      }
      std::vector<float> apart;
      for (int64_t row = 0; row < 3; ++row) {
        apart.insert(apart.end(), x.begin() + row * cols, x.begin() + (row + 1) * cols);
        apart.insert(apart.end(), 3, NAN);
      }
      for (const NamedTable& t : all_tables()) {
        Guarded y(before);
        t.kernels->dropout(
            {x.data(), cols, y.data(), cols, 3, cols, 0, rate, key, sample.data(), accumulate});
        EXPECT_TRUE(y.intact() && same_bits(y.values(), expected)) << t.name;

        // The same by columns, as two members would, with gaps between the rows of x.
        Guarded halves(before);
        const int64_t half = cols / 2 / 4 * 4;
        for (const auto& [first, count] : {std::pair(int64_t{0}, half), {half, cols - half}}) {
          t.kernels->dropout({apart.data() + first, cols + 3, halves.data() + first, cols, 3, count,
                              first, rate, key, sample.data(), accumulate});
        }
        EXPECT_TRUE(halves.intact() && same_bits(halves.values(), expected)) << t.name;
      }
    }
  }
}

TEST(Noise, HasTheSameBitsEverywhere) {
  const FloatMode mode;
  const std::vector<uint64_t> sample = {7, uint64_t{1} << 40, 0};
  for (const int64_t cols : {1, 2, 7, 64, 301}) {
    const auto drawn = [&](const Table& t) {
      Guarded y(std::vector<float>(static_cast<size_t>(3 * cols)));
      t.noise({y.data(), 3, cols, 0.25, 1.5, 0x123456789ABCDEF, sample.data()});
      EXPECT_TRUE(y.intact());
      return y.values();
    };
    const std::vector<float> expected = drawn(reference_table<float>());
    for (const NamedTable& t : all_tables()) {
      EXPECT_TRUE(same_bits(drawn(*t.kernels), expected)) << t.name << " " << cols;
    }
  }
}

TEST(Dropout, DropsItsRateAndTheSameInDouble) {
  const FloatMode mode;
  constexpr int64_t kCols = 100000;
  const std::vector<uint64_t> sample = {3};
  const std::vector<float> x(kCols, 1);
  const std::vector<double> wide(kCols, 1);
  std::vector<float> y(kCols);
  std::vector<double> wide_y(kCols);
  reference_table<float>().dropout(
      {x.data(), kCols, y.data(), kCols, 1, kCols, 0, 0.2F, 5, sample.data(), false});
  reference_table<double>().dropout(
      {wide.data(), kCols, wide_y.data(), kCols, 1, kCols, 0, 0.2F, 5, sample.data(), false});
  int64_t dropped = 0;
  for (size_t i = 0; i < kCols; ++i) {
    dropped += y[i] == 0;
    ASSERT_EQ(y[i] == 0, wide_y[i] == 0);
  }
  EXPECT_NEAR(static_cast<double>(dropped), 20000, 5 * std::sqrt(100000 * 0.2 * 0.8));
}

}  // namespace scalar_test
}  // namespace cornu::inline v0::kernels
