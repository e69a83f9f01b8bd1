#include "cornu/core/shared_pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace cornu::inline v0 {
namespace shared_pages_test {

constexpr int64_t kMiB = int64_t{1} << 20;

TEST(SharedPages, HaveSmallTensorsBesideEachOther) {
  SharedPages pages(12 * kMiB);
  Tensor a = pages.unset({3, 5}, DType::float32);
  Tensor large = pages.unset({5 * kMiB}, DType::uint8);
  Tensor b = pages.unset({kMiB}, DType::uint8);
  Tensor c = pages.unset({7}, DType::float64);
  EXPECT_EQ(a.shape(), Shape({3, 5}));
  EXPECT_EQ(b.dtype(), DType::uint8);
  EXPECT_EQ(b.data(), a.data() + 64);
  EXPECT_EQ(c.data(), b.data() + kMiB);
  EXPECT_TRUE(large.data() + large.nbytes() <= a.data() || large.data() >= a.data() + 12 * kMiB);
}

TEST(SharedPages, LiveAsLongAsATensorOfThem) {
  std::vector<Tensor> tensors;
  {
    SharedPages pages(8 * kMiB);
    for (int i = 0; i < 3; ++i) tensors.push_back(pages.unset({kMiB}, DType::uint8));
  }
  for (size_t i = 0; i < 3; ++i) {
    std::memset(tensors[i].data(), static_cast<int>(i + 1), tensors[i].nbytes());
  }
  const Tensor copy = tensors[1];
  tensors.erase(tensors.begin(), tensors.begin() + 2);
  EXPECT_EQ(std::ranges::count(tensors[0].span<uint8_t>(), 3), kMiB);
  tensors.clear();
  EXPECT_EQ(std::ranges::count(copy.span<uint8_t>(), 2), kMiB);
}

TEST(SharedPages, AreNotSharedWhenTheyAreFewOrFull) {
  SharedPages few(8 * kMiB - 1), full(8 * kMiB);
  const Tensor a = few.unset({64}, DType::uint8), b = few.unset({64}, DType::uint8);
  EXPECT_NE(b.data(), a.data() + 64);
  std::vector<Tensor> tensors;
  for (int i = 0; i < 5; ++i) tensors.push_back(full.unset({2 * kMiB - 1}, DType::uint8));
  for (Tensor& each : tensors) std::memset(each.data(), 1, each.nbytes());
  EXPECT_EQ(tensors[3].data(), tensors[0].data() + 6 * kMiB);
  // No room is left for the fifth, which has memory of its own.
  EXPECT_TRUE(tensors[4].data() + tensors[4].nbytes() <= tensors[0].data() ||
              tensors[4].data() >= tensors[0].data() + 8 * kMiB);
  EXPECT_EQ(full.unset({0}, DType::float32).nbytes(), 0U);
}

}  // namespace shared_pages_test
}  // namespace cornu::inline v0
