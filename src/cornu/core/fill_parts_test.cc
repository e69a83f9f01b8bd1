#include "cornu/core/fill_parts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "cornu/core/cpus.h"

namespace cornu::inline v0 {
namespace fill_parts_test {

constexpr size_t kMiB = size_t{1} << 20;

bool always(size_t, size_t) {
  return true;
}

/// Parts of a file whose bytes are those of their offsets.
class PartsOfAFile : public testing::Test {
 protected:
  // 13 MiB and a little, and nothing, and a few bytes, and another mebibyte.
  PartsOfAFile() {
    uint64_t offset = 3 * kMiB + 8;
    for (const size_t size : {13 * kMiB + 20, size_t{0}, size_t{12}, kMiB}) {
      memory_.emplace_back(size);
      parts_.push_back({.offset = offset, .to = memory_.back()});
      offset += size;
    }
  }
  void fill(size_t part, size_t begin, std::span<std::byte> to) {
    for (size_t i = 0; i < to.size(); ++i) to[i] = expected(part, begin + i);
    const std::scoped_lock lock(mutex_);
    begins_[part].insert(begin);
    threads_.insert(std::this_thread::get_id());
  }
  std::byte expected(size_t part, size_t at) const {
    const uint64_t offset = parts_[part].offset + at;
    return static_cast<std::byte>(offset + offset / 251);
  }
  bool is_filled(size_t part) const {
    for (size_t at = 0; at < parts_[part].to.size(); ++at) {
      if (parts_[part].to[at] != expected(part, at)) return false;
    }
    return true;
  }

  std::vector<std::vector<std::byte>> memory_;
  std::vector<FilledPart> parts_;
  std::mutex mutex_;
  std::map<size_t, std::set<size_t>> begins_;
  std::set<std::thread::id> threads_;
};

TEST_F(PartsOfAFile, AreFilledInPiecesCutAtMultiplesOf4MiBOfTheFile) {
  fill_parts(parts_, always, [this](auto... piece) { fill(piece...); });
  for (size_t part = 0; part < parts_.size(); ++part) EXPECT_TRUE(is_filled(part)) << part;
  const std::map<size_t, std::set<size_t>> expected{
      {0, {0, kMiB - 8, 5 * kMiB - 8, 9 * kMiB - 8, 13 * kMiB - 8}}, {2, {0}}, {3, {0}}};
  EXPECT_EQ(begins_, expected);
}

// On one CPU by one.
TEST_F(PartsOfAFile, AreFilledByTwoThreadsFromBothEnds) {
  const bool are_two = usable_cpus().threads() > 1;
  const auto owner = std::this_thread::get_id();
  std::atomic<bool> has_begun = false, is_last_filled = false;
  fill_parts(parts_, always, [&](size_t part, size_t begin, std::span<std::byte> to) {
    fill(part, begin, to);
    if (std::this_thread::get_id() != owner) {
      EXPECT_TRUE(has_begun.exchange(true) || part == 3);
      is_last_filled = true;
      return;
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (are_two && !is_last_filled && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
  });
  EXPECT_EQ(is_last_filled, are_two);
  EXPECT_EQ(threads_.size(), are_two ? 2U : 1U);
  for (size_t part = 0; part < parts_.size(); ++part) EXPECT_TRUE(is_filled(part)) << part;
}

TEST_F(PartsOfAFile, AreFilledByOneThreadWhenTheyAreSmall) {
  parts_[0].to = parts_[0].to.first(6 * kMiB);
  fill_parts(parts_, always, [this](auto... piece) { fill(piece...); });
  EXPECT_EQ(threads_.size(), 1U);
  for (size_t part = 0; part < parts_.size(); ++part) EXPECT_TRUE(is_filled(part)) << part;
}

// Whichever thread comes to a broken piece first.
TEST_F(PartsOfAFile, FailAtTheFirstBrokenPiece) {
  for (const std::vector<size_t>& broken : std::vector<std::vector<size_t>>{
           {0, kMiB - 8, 13 * kMiB - 8}, {5 * kMiB - 8, 9 * kMiB - 8}, {13 * kMiB - 8}}) {
    for (int round = 0; round < 10; ++round) {
      std::set<size_t> filled;
      std::string error;
      try {
        fill_parts(parts_, always, [&](size_t part, size_t begin, std::span<std::byte> to) {
          if (part == 0 && std::ranges::count(broken, begin) > 0) {
            throw std::runtime_error(std::to_string(begin));
          }
          std::memset(to.data(), 1, to.size());
          const std::scoped_lock lock(mutex_);
          if (part == 0) filled.insert(begin);
        });
      } catch (const std::runtime_error& found) {
        error = found.what();
      }
      EXPECT_EQ(error, std::to_string(broken[0]));
      for (const size_t begin : {size_t{0}, kMiB - 8, 5 * kMiB - 8, 9 * kMiB - 8}) {
        EXPECT_TRUE(begin >= broken[0] || filled.contains(begin)) << begin;
      }
    }
  }
}

// The other thread never gets beyond the third piece from the end.
TEST_F(PartsOfAFile, ThatAreNotAtHandAreFilledByThisThread) {
  const auto owner = std::this_thread::get_id();
  const auto is_at_hand = [](size_t part, size_t begin) { return part > 0 || begin > 9 * kMiB; };
  fill_parts(parts_, is_at_hand, [&](size_t part, size_t begin, std::span<std::byte> to) {
    EXPECT_TRUE(std::this_thread::get_id() == owner || is_at_hand(part, begin)) << begin;
    fill(part, begin, to);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  });
  for (size_t part = 0; part < parts_.size(); ++part) EXPECT_TRUE(is_filled(part)) << part;
}

TEST(NoParts, AreNotFilled) {
  fill_parts({}, always, [](size_t, size_t, std::span<std::byte>) { FAIL(); });
}

}  // namespace fill_parts_test
}  // namespace cornu::inline v0
