#include "cornu/core/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace cornu::inline v0 {
namespace rng_test {

using Words = std::array<uint32_t, 4>;

// The known-answer vectors of Random123 for philox4x32-10.
TEST(Philox, GivesThePublishedWords) {
  EXPECT_EQ(Philox::words(0, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr uint64_t kOnes = ~uint64_t{0};
  EXPECT_EQ(Philox::words(kOnes, kOnes, kOnes),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  // Counter and key are digits of pi.
  EXPECT_EQ(Philox::words(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, DependsOnKeySampleAndBlock) {
  const Words words = Philox::words(1, 2, 3);
  EXPECT_EQ(Philox::words(1, 2, 3), words);
  for (int bit = 0; bit < 64; ++bit) {
    const uint64_t flip = uint64_t{1} << bit;
    EXPECT_NE(Philox::words(1 ^ flip, 2, 3), words);
    EXPECT_NE(Philox::words(1, 2 ^ flip, 3), words);
    EXPECT_NE(Philox::words(1, 2, 3 ^ flip), words);
  }
}

TEST(Uniform, IsTheTopBitsExactly) {
  EXPECT_EQ(uniform(0), 0.0F);
  EXPECT_EQ(uniform(0xFF), 0.0F);
  EXPECT_EQ(uniform(0x80000000), 0.5F);
  EXPECT_EQ(uniform(0xFFFFFFFF), 1 - 0x1p-24F);
  EXPECT_EQ(uniform(0, 0x7FF), 0.0);
  EXPECT_EQ(uniform(0x80000000, 0), 0.5);
  EXPECT_EQ(uniform(0xFFFFFFFF, 0xFFFFFFFF), 1 - 0x1p-53);
}

TEST(NameHash, IsFnv1a) {
  EXPECT_EQ(name_hash(""), 0xcbf29ce484222325);
  EXPECT_EQ(name_hash("a"), 0xaf63dc4c8601ec8c);
  EXPECT_EQ(name_hash("foobar"), 0x85944171f73967e8);
}

TEST(Mix, IsSplitmix64) {
  // The first three numbers of splitmix64 from state 0.
  EXPECT_EQ(mix(0, 0), 0xe220a8397b1dcdaf);
  EXPECT_EQ(mix(0, 1), 0x6e789e6aa1b965f4);
  EXPECT_EQ(mix(0, 2), 0x06c45d188009454f);
}

std::vector<uint64_t> order(uint64_t key, size_t size) {
  std::vector<uint64_t> ids(size);
  shuffled(key, ids);
  return ids;
}

TEST(Shuffled, IsAPermutation) {
  for (size_t size : {0, 1, 2, 3, 10, 1000}) {
    std::vector<uint64_t> ids = order(7, size);
    std::sort(ids.begin(), ids.end());
    std::vector<uint64_t> all(size);
    std::iota(all.begin(), all.end(), uint64_t{0});
    EXPECT_EQ(ids, all);
  }
}

TEST(Shuffled, DependsOnTheKeyAlone) {
  EXPECT_EQ(order(7, 100), order(7, 100));
  EXPECT_NE(order(7, 100), order(8, 100));
  std::vector<uint64_t> used(100, 5);
  shuffled(7, used);
  EXPECT_EQ(used, order(7, 100));
}

// A change here would change the results of every training.
TEST(Shuffled, NeverChanges) {
  EXPECT_EQ(order(0, 10), (std::vector<uint64_t>{8, 2, 1, 9, 5, 0, 4, 7, 6, 3}));
  EXPECT_EQ(order(0x0123456789abcdef, 10), (std::vector<uint64_t>{3, 4, 8, 6, 1, 9, 2, 5, 0, 7}));
}

TEST(Shuffled, PutsEveryIdEverywhereEquallyOften) {
  constexpr size_t kSize = 8;
  constexpr int kDraws = 20000;
  std::array<std::array<int, kSize>, kSize> counts{};
  for (int key = 0; key < kDraws; ++key) {
    const std::vector<uint64_t> ids = order(mix(1, static_cast<uint64_t>(key)), kSize);
    for (size_t place = 0; place < kSize; ++place) ++counts[place][ids[place]];
  }
  double chi_square = 0;
  constexpr double kExpected = double{kDraws} / kSize;
  for (const auto& place : counts) {
    for (int count : place) chi_square += (count - kExpected) * (count - kExpected) / kExpected;
  }
  // 49 degrees of freedom; 0.1 % of fair shuffles pass 85.4 and 0.1 % stay below 23.9.
  EXPECT_LT(chi_square, 85.4);
  EXPECT_GT(chi_square, 23.9);
}

TEST(Shuffled, GivesEveryOrderEquallyOften) {
  constexpr int kDraws = 24000;
  std::vector<std::pair<std::vector<uint64_t>, int>> orders;
  for (int key = 0; key < kDraws; ++key) {
    const std::vector<uint64_t> ids = order(mix(2, static_cast<uint64_t>(key)), 4);
    const auto seen =
        std::find_if(orders.begin(), orders.end(), [&](const auto& o) { return o.first == ids; });
    if (seen == orders.end()) {
      orders.emplace_back(ids, 1);
    } else {
      ++seen->second;
    }
  }
  ASSERT_EQ(orders.size(), 24U);
  double chi_square = 0;
  for (const auto& [ids, count] : orders) {
    chi_square += (count - 1000.0) * (count - 1000.0) / 1000.0;
  }
  // 23 degrees of freedom; 0.1 % of fair shuffles pass 49.7.
  EXPECT_LT(chi_square, 49.7);
}

}  // namespace rng_test
}  // namespace cornu::inline v0
