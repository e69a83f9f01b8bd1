#include "cornu/core/tensor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace tensor_test {

Tensor counted(Shape shape) {
  Tensor tensor(shape);
  std::iota(tensor.span<float>().begin(), tensor.span<float>().end(), 0.0F);
  return tensor;
}

TEST(Tensor, BeginsAsZerosOnACacheLine) {
  for (DType dtype : {DType::uint8, DType::int32, DType::int64, DType::float32, DType::float64}) {
    for (int64_t size : {0, 1, 63, 1000}) {
      const Tensor tensor(Shape{size}, dtype);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % 64, 0U);
      EXPECT_EQ(tensor.nbytes(), static_cast<size_t>(size) * itemsize(dtype));
      EXPECT_TRUE(std::all_of(tensor.data(), tensor.data() + tensor.nbytes(),
                              [](std::byte each) { return each == std::byte{0}; }));
    }
  }
}

TEST(Tensor, TakesABlockAsItIs) {
  for (size_t header : {16, 8}) {
    Block block(header + 24, 48);
    for (size_t i = 0; i < 24; ++i) block.data()[header + i] = static_cast<std::byte>(i);
    const std::byte* elements = block.data() + header;
    block.drop_front(header);
    const Tensor tensor(std::move(block), Shape{2, 12}, DType::uint8);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % 64, 0U);
    // Only what lies on a border already stays there.
    EXPECT_EQ(tensor.data() == elements, header == 16);
    for (int64_t i = 0; i < 24; ++i) EXPECT_EQ(tensor.at(i), i);
  }
}

TEST(Tensor, RefusesABlockOfAnotherSize) {
  try {
    Tensor(Block(23), Shape{2, 3}, DType::float32);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "Tensor of shape (2, 3): expected a block of 24 bytes, got 23.");
  }
  EXPECT_THROW(Tensor(Block(), Shape{2}.with_rows(), DType::uint8), Error);
}

TEST(Tensor, IsEmptyByDefault) {
  EXPECT_EQ(Tensor().shape(), Shape{0});
  EXPECT_EQ(Tensor().size(), 0);
  EXPECT_EQ(TensorView().size(), 0);
  EXPECT_TRUE(TensorView().span<float>().empty());
}

TEST(Tensor, CopiesDeep) {
  const Tensor a = counted({2, 3});
  Tensor b = a;
  b.span<float>()[0] = 9;
  EXPECT_EQ(a.at(0), 0);
  EXPECT_EQ(b.at(0), 9);
  Tensor c;
  c = b;
  b.span<float>()[0] = 8;
  EXPECT_EQ(c.at(0), 9);
  EXPECT_EQ(c.shape(), (Shape{2, 3}));
  const Tensor& same = c;
  c = same;
  EXPECT_EQ(c.at(0), 9);
}

TEST(Tensor, MovesAndLeavesAnEmptyOneBehind) {
  Tensor a = counted({2, 3});
  const std::byte* data = a.data();
  Tensor b = std::move(a);
  EXPECT_EQ(b.data(), data);
  EXPECT_EQ(a.size(), 0);  // NOLINT: what a move leaves is part of the contract
  EXPECT_EQ(Tensor(a).size(), 0);
  a = std::move(b);
  EXPECT_EQ(a.data(), data);
  EXPECT_EQ(b.size(), 0);  // NOLINT
  b = counted({1});
  EXPECT_EQ(b.size(), 1);
}

TEST(Tensor, TakesElementsFromASpan) {
  const std::vector<float> values = {1, 2, 3, 4};
  const Tensor tensor = Tensor::of<float>({2, 2}, values);
  EXPECT_EQ(tensor.shape(), (Shape{2, 2}));
  EXPECT_EQ(tensor.at(3), 4);
  EXPECT_THROW(Tensor::of<float>({3}, values), Error);
}

TEST(Tensor, GivesAnyElementAsADouble) {
  EXPECT_EQ(Tensor::of<uint8_t>({2}, std::array<uint8_t, 2>{1, 255}).at(1), 255);
  EXPECT_EQ(Tensor::of<int32_t>({1}, std::array{-7}).at(0), -7);
  EXPECT_EQ(Tensor::of<int64_t>({1}, std::array{int64_t{1} << 40}).at(0), 0x1p40);
  EXPECT_EQ(Tensor::of<float>({1}, std::array{0.5F}).at(0), 0.5);
  EXPECT_EQ(Tensor::of<double>({1}, std::array{0.1}).at(0), 0.1);
}

TEST(Tensor, RefusesUnknownRows) {
  EXPECT_THROW(Tensor(Shape{kRows, 2}), Error);
}

TEST(Tensor, RefusesBytesPastSixtyThreeBits) {
  // 2^61 doubles are 2^64 bytes, which a careless product takes for 0.
  EXPECT_THROW(Tensor(Shape{int64_t{1} << 61}, DType::float64), Error);
  EXPECT_THROW(Tensor(Shape{int64_t{1} << 60}, DType::float64), Error);
  EXPECT_THROW(Tensor(Shape{int64_t{1} << 61}, DType::float32), Error);
  EXPECT_THROW(Tensor(Shape{int64_t{1} << 62, 2}, DType::uint8), Error);
}

TEST(TensorView, SeesRowsOfTheSameMemory) {
  const Tensor tensor = counted({4, 2, 3});
  const TensorView rows = tensor.view().rows(1, 3);
  EXPECT_EQ(rows.shape(), (Shape{2, 2, 3}));
  EXPECT_EQ(rows.at(0), 6);
  EXPECT_EQ(rows.data(), tensor.data() + 6 * sizeof(float));
  EXPECT_EQ(tensor.view().row(3).shape(), (Shape{2, 3}));
  EXPECT_EQ(tensor.view().row(3).at(0), 18);
  EXPECT_EQ(tensor.view().rows(4, 4).shape(), (Shape{0, 2, 3}));
}

TEST(TensorView, RefusesRowsThatAreNotThere) {
  const Tensor tensor = counted({4, 2});
  EXPECT_THROW(tensor.view().rows(-1, 2), Error);
  EXPECT_THROW(tensor.view().rows(3, 2), Error);
  EXPECT_THROW(tensor.view().rows(0, 5), Error);
  EXPECT_THROW(tensor.view().row(4), Error);
  EXPECT_THROW(tensor.view().row(-1), Error);
  const Tensor scalar = counted({});
  EXPECT_THROW(scalar.view().row(0), Error);
  EXPECT_THROW(scalar.view().rows(0, 0), Error);
}

TEST(TensorView, TakesAnotherShapeOfTheSameSize) {
  const Tensor tensor = counted({4, 6});
  EXPECT_EQ(tensor.view().reshape({2, 12}).at(23), 23);
  EXPECT_EQ(tensor.view().reshape({24}).data(), tensor.data());
  EXPECT_THROW(tensor.view().reshape({5, 5}), Error);
  EXPECT_EQ(counted({1}).view().reshape({}).shape(), Shape{});
}

TEST(TensorView, SeesAnyonesMemory) {
  const std::vector<double> values = {1, 2};
  const TensorView view = std::span<const double>(values);
  EXPECT_EQ(view.dtype(), DType::float64);
  EXPECT_EQ(view.shape(), Shape{2});
  EXPECT_EQ(view.span<double>().data(), values.data());
}

}  // namespace tensor_test
}  // namespace cornu::inline v0
