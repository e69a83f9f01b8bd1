#include "cornu/datasets/in_bytes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace cornu::inline v0 {
namespace in_bytes_test {

constexpr int64_t kSize = 5'000;  // blocks, and a rest

uint8_t byte_of(int64_t i) {
  return static_cast<uint8_t>(i * 37 % 256);
}

std::vector<float> pixels(float divisor, float offset) {
  std::vector<float> values;
  for (int64_t i = 0; i < kSize; ++i) {
    values.push_back((static_cast<float>(byte_of(i)) - offset) / divisor);
  }
  return values;
}

void expect_bytes(const EncodedBytes& found, double divisor, double offset) {
  EXPECT_EQ(found.encoding,
            (InputEncoding{.dtype = DType::uint8, .divisor = divisor, .offset = offset}));
  ASSERT_EQ(found.bytes.size(), kSize);
  for (int64_t i = 0; i < kSize; ++i) ASSERT_EQ(found.bytes.at(i), byte_of(i)) << i;
}

TEST(InBytes, ArePixelsInBothScalingsOnAnyNumberOfThreads) {
  for (const int threads : {1, 2, 3}) {
    Team team(threads);
    const auto divided = in_bytes(pixels(255, 0), team);
    ASSERT_TRUE(divided);
    expect_bytes(*divided, 255, 0);
    const auto centred = in_bytes(pixels(127.5F, 127.5F), team);
    ASSERT_TRUE(centred);
    expect_bytes(*centred, 127.5, 127.5);
  }
}

TEST(InBytes, KeepTheShape) {
  Team team(2);
  const std::vector<float> values = pixels(255, 0);
  const auto found = in_bytes(TensorView(values).reshape({50, 10, 10}), team);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bytes.shape(), (Shape{50, 10, 10}));
}

TEST(InBytes, AreNotMadeOfNumbersThatLackOne) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  Team team(2);
  for (const float other : {-0.0F, std::nanf(""), kInfinity, -kInfinity, -1.0F / 255, 256.0F / 255,
                            std::nextafter(1.0F / 255, 1.0F), 0.3F, 3e38F, 1e-45F}) {
    for (const size_t position : {size_t{0}, size_t{4'095}, size_t{4'096}, size_t{kSize - 1}}) {
      std::vector<float> values = pixels(255, 0);
      values[position] = other;
      EXPECT_FALSE(in_bytes(values, team)) << other << " at " << position;
    }
  }
  for (const float other : {0.0F, -0.0F, 2.0F, -2.0F, std::nanf("")}) {
    std::vector<float> values = pixels(127.5F, 127.5F);
    values[kSize - 1] = other;
    EXPECT_FALSE(in_bytes(values, team)) << other;
  }
}

TEST(InBytes, AreMadeOfFloatsOnly) {
  Team team(1);
  EXPECT_FALSE(in_bytes(Tensor(Shape{3}, DType::float64), team));
  EXPECT_FALSE(in_bytes(Tensor(Shape{3}, DType::uint8), team));
  EXPECT_FALSE(in_bytes(Tensor(Shape{0}), team));
}

TEST(InBytes, AreFoundInMemoryThatIsNotAligned) {
  const std::vector<float> values = pixels(255, 0);
  std::vector<std::byte> shifted(kSize * sizeof(float) + 1);
  std::memcpy(shifted.data() + 1, values.data(), kSize * sizeof(float));
  Team team(2);
  const auto found = in_bytes(TensorView(shifted.data() + 1, {kSize}, DType::float32), team);
  ASSERT_TRUE(found);
  expect_bytes(*found, 255, 0);
}

TEST(LabelsInBytes, AreTheColumnsOfTheOnes) {
  const auto found = labels_in_bytes(Tensor::of<float>({3, 3}, {0, 0, 1, 1, 0, 0, 0, 1, 0}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->encoding, (InputEncoding{.dtype = DType::uint8, .classes = 3}));
  EXPECT_EQ(found->bytes.shape(), Shape{3});
  EXPECT_EQ(found->bytes.at(0), 2);
  EXPECT_EQ(found->bytes.at(1), 0);
  EXPECT_EQ(found->bytes.at(2), 1);
}

TEST(LabelsInBytes, AreNotMadeOfOtherRows) {
  for (const std::vector<float>& row : {std::vector<float>{0, 0},
                                        {1, 1},
                                        {0.5F, 0.5F},
                                        {-0.0F, 1},
                                        {0, std::nextafter(1.0F, 0.0F)},
                                        {0, std::nanf("")}}) {
    EXPECT_FALSE(labels_in_bytes(Tensor(std::vector<std::vector<float>>{{1, 0}, row}))) << row[1];
  }
  EXPECT_FALSE(labels_in_bytes(Tensor::of<uint8_t>({1, 2}, {0, 1})));
  EXPECT_FALSE(labels_in_bytes(Tensor::of<float>({2}, {0, 1})));
  EXPECT_FALSE(labels_in_bytes(Tensor::of<float>({1, 1, 2}, {0, 1})));
  EXPECT_FALSE(labels_in_bytes(Tensor(Shape{0, 2})));
  EXPECT_FALSE(labels_in_bytes(Tensor(Shape{2, 0})));
}

TEST(LabelsInBytes, HaveRoomFor256Classes) {
  Tensor last(Shape{1, 256});
  last(0, 255) = 1;
  const auto found = labels_in_bytes(last);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bytes.at(0), 255);
  Tensor beyond(Shape{1, 257});
  beyond(0, 256) = 1;
  EXPECT_FALSE(labels_in_bytes(beyond));
}

}  // namespace in_bytes_test
}  // namespace cornu::inline v0
