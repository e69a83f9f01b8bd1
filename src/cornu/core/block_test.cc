#include "cornu/core/block.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <limits>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace block_test {

size_t past_border(const Block& block) {
  return reinterpret_cast<uintptr_t>(block.data()) % Block::kAlignment;
}

// Holding 0, 1, 2, …
Block counted(size_t size, size_t lead) {
  Block block(size, lead);
  for (size_t i = 0; i < size; ++i) block.data()[i] = static_cast<std::byte>(i);
  return block;
}

std::vector<int> values(const Block& block) {
  std::vector<int> result;
  for (std::byte each : block.span()) result.push_back(std::to_integer<int>(each));
  return result;
}

TEST(Block, BeginsItsLeadAfterAMultipleOf64) {
  for (size_t lead : {0, 1, 48, 63}) {
    for (size_t size : {0, 1, 16, 1000}) {
      const Block block = counted(size, lead);
      EXPECT_EQ(past_border(block), lead);
      EXPECT_EQ(block.size(), size);
    }
  }
}

TEST(Block, LeavesOutItsEndsWithoutMovingTheRest) {
  Block block = counted(20, 48);
  const std::byte* begin = block.data();
  block.drop_front(16);
  EXPECT_EQ(block.data(), begin + 16);
  EXPECT_EQ(values(block), (std::vector{16, 17, 18, 19}));
  block.keep_front(2);
  EXPECT_EQ(values(block), (std::vector{16, 17}));
  block.align();
  EXPECT_EQ(block.data(), begin + 16);
}

TEST(Block, MovesItsBytesToAMultipleOf64) {
  Block block = counted(200, 48);
  block.drop_front(12);
  std::vector<int> before = values(block);
  block.align();
  EXPECT_EQ(past_border(block), 0U);
  EXPECT_EQ(values(block), before);
}

TEST(Block, MovesAndLeavesAnEmptyOneBehind) {
  Block a = counted(5, 3);
  const std::byte* begin = a.data();
  Block b = std::move(a);
  EXPECT_EQ(b.data(), begin);
  EXPECT_EQ(a.size(), 0U);
  EXPECT_EQ(a.data(), nullptr);
  a = std::move(b);
  EXPECT_EQ(values(a), (std::vector{0, 1, 2, 3, 4}));
  EXPECT_EQ(b.size(), 0U);
  a.align();
  b.align();
  EXPECT_TRUE(b.span().empty());
}

TEST(Block, RefusesMoreThanThereIs) {
  EXPECT_THROW(Block(std::numeric_limits<size_t>::max() - 3, 48), std::bad_alloc);
}

TEST(Block, RefusesToDropMoreThanThereIs) {
  EXPECT_THROW(Block(8, Block::kAlignment), Error);
  Block block(8);
  EXPECT_THROW(block.drop_front(9), Error);
  EXPECT_THROW(block.keep_front(9), Error);
  EXPECT_EQ(block.size(), 8U);
}

// Whether Linux has noted that the memory at `address` should be huge pages.
TEST(Block, PartsKeepTheWholeAlive) {
  auto whole = std::make_shared<Block>(1000);
  std::memset(whole->data(), 1, whole->size());
  const std::byte* const begin = whole->data();
  Block first(whole, 0, 100), second(whole, 128, 872), none(whole, 960, 0);
  EXPECT_EQ(second.data(), begin + 128);
  EXPECT_EQ(second.size(), 872U);
  EXPECT_THROW(Block(whole, 64, 937), Error);
  EXPECT_THROW(Block(whole, 1024, 0), Error);
  EXPECT_THROW(Block(whole, 8, 8), Error);
  whole.reset();
  std::memset(first.data(), 2, first.size());
  first = Block();
  EXPECT_EQ(std::ranges::count(second.span(), std::byte{1}), 872);
  second.drop_front(8);
  second.align();
  EXPECT_EQ(second.data(), begin + 128);
  EXPECT_EQ(std::ranges::count(second.span(), std::byte{1}), 864);
}

bool huge_pages_are_wanted_at(const std::byte* address) {
  std::ifstream maps("/proc/self/smaps");
  bool is_inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    uintptr_t begin = 0;
    uintptr_t end = 0;
    char dash = 0;
    if (words >> std::hex >> begin >> dash >> end && dash == '-') {
      const auto at = reinterpret_cast<uintptr_t>(address);
      is_inside = begin <= at && at < end;
    }
    if (is_inside && line.starts_with("VmFlags:")) return line.find(" hg") != std::string::npos;
  }
  return false;
}

TEST(Block, AsksForHugePages) {
  if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) {
    GTEST_SKIP() << "this system has no transparent huge pages";
  }
  Block block(size_t{8} << 20, 48);
  EXPECT_FALSE(huge_pages_are_wanted_at(block.data() + block.size() / 2));
  block.prefer_huge_pages();
  EXPECT_TRUE(huge_pages_are_wanted_at(block.data() + block.size() / 2));
  Block().prefer_huge_pages();
}

}  // namespace block_test
}  // namespace cornu::inline v0
