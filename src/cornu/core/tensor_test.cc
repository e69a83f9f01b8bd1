#include "cornu/core/tensor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
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
    // Only a block that begins at a multiple of 64 is not moved.
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
  EXPECT_EQ(a.size(), 0);  // NOLINT: the state after a move is in the contract
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
  // 2^61 doubles are 2^64 bytes, an unchecked product would be 0.
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

std::string error_of(const auto& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Tensor, RefusesASpanOfAnotherType) {
  Tensor labels(Shape{5}, DType::int32);
  EXPECT_EQ(error_of([&] { labels.span<int64_t>(); }),
            "span of a tensor of shape (5,): expected elements of type int32, got int64. Hint: "
            "span<T>() takes the type that dtype() names; at(i) reads any as a double");
  EXPECT_THROW(std::as_const(labels).span<float>(), Error);
  EXPECT_THROW(labels.view().span<uint8_t>(), Error);
  EXPECT_EQ(labels.span<int32_t>().size(), 5U);
}

TEST(Tensor, RefusesAnElementThatIsNotThere) {
  const Tensor labels(Shape{5}, DType::int32);
  EXPECT_EQ(error_of([&] { labels.at(1'000'000); }),
            "at on a tensor of shape (5,): expected an index within 0 … 4, got 1000000.");
  EXPECT_THROW(labels.at(5), Error);
  EXPECT_THROW(labels.at(-1), Error);
  EXPECT_THROW(Tensor().at(0), Error);
  EXPECT_THROW(TensorView().at(0), Error);
}

TEST(Tensor, HasElementsByTheIndexOfEachAxis) {
  Tensor t = counted({2, 3});
  EXPECT_EQ(std::as_const(t)(1, 2), 5);
  EXPECT_EQ(t.view()(1, 0), 3);
  t(1, 2) = 0.5;
  t(0, 1) += 2;
  t(0, 2) = t(1, 2);
  EXPECT_EQ(t.at(5), 0.5);
  EXPECT_EQ(t.at(1), 3);
  EXPECT_EQ(t.at(2), 0.5);
  EXPECT_EQ(Tensor(Shape{})(), 0);
  EXPECT_EQ(
      error_of([&] { t(0, 3); }),
      "element of a tensor of shape (2, 3): expected an index below 3 at axis 1, got (0, 3).");
  EXPECT_EQ(error_of([&] { t(1); }),
            "element of a tensor of shape (2, 3): expected 2 indices, one for each axis, got (1).");
  EXPECT_THROW(t(-1, 0), Error);
  EXPECT_THROW(std::as_const(t)(2, 0), Error);
}

TEST(Tensor, TakesNumbersThatItsTypeHolds) {
  Tensor bytes(Shape{1}, DType::uint8);
  bytes(0) = 255;
  EXPECT_EQ(bytes.at(0), 255);
  EXPECT_THROW(bytes(0) = 256, Error);
  EXPECT_THROW(bytes(0) = -1, Error);
  EXPECT_THROW(bytes(0) = 0.5, Error);
  EXPECT_THROW(bytes(0) = std::nan(""), Error);
  EXPECT_EQ(bytes.at(0), 255);
  Tensor wide(Shape{1}, DType::int64);
  wide(0) = -0x1p63;
  EXPECT_EQ(wide.at(0), -0x1p63);
  EXPECT_THROW(wide(0) = 0x1p63, Error);
}

TEST(Tensor, TakesAListOfElements) {
  const Tensor t = Tensor::of<float>({2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(t(1, 0), 3);
  EXPECT_EQ(Tensor::of<int64_t>({2}, {7, 8}).at(1), 8);
  EXPECT_THROW(Tensor::of<float>({2, 2}, {1, 2, 3}), Error);
}

TEST(Tensor, TakesVectors) {
  const std::vector<int> labels = {3, 1};
  const Tensor y = labels;
  EXPECT_EQ(y.dtype(), DType::int32);
  EXPECT_EQ(y.shape(), Shape{2});
  EXPECT_EQ(y.at(0), 3);
  const std::vector<std::vector<float>> rows = {{1, 2, 3}, {4, 5, 6}};
  const Tensor x = rows;
  EXPECT_EQ(x.dtype(), DType::float32);
  EXPECT_EQ(x.shape(), (Shape{2, 3}));
  EXPECT_EQ(x(1, 2), 6);
  EXPECT_EQ(Tensor(std::vector<std::vector<double>>()).shape(), (Shape{0, 0}));
  EXPECT_EQ(error_of([] {
              Tensor(std::vector<std::vector<float>>{{1, 2}, {3}});
            }),
            "Tensor of a vector of vectors: expected rows of 2 numbers, as the first has, got 1 in "
            "row 1.");
  const TensorView view = labels;
  EXPECT_EQ(view.data(), reinterpret_cast<const std::byte*>(labels.data()));
}

TEST(Tensor, TakesAnotherShapeOfTheSameSize) {
  Tensor t = counted({2, 3});
  const std::byte* data = t.data();
  const Tensor copy = t.reshape({3, 2});
  EXPECT_EQ(copy(2, 1), 5);
  EXPECT_NE(copy.data(), data);
  EXPECT_THROW(t.reshape({7}), Error);
  EXPECT_THROW(t.reshape({kRows, 6}), Error);
  EXPECT_EQ(std::move(t).reshape({6}).data(), data);
}

// A matrix with the members of Eigen's, in columns or in rows.
template <bool kRowMajor, int kCols = -1>
struct OtherMatrix {
  static constexpr bool IsRowMajor = kRowMajor;
  static constexpr int ColsAtCompileTime = kCols;
  int r, c, outer;
  std::vector<double> memory;
  int rows() const { return r; }
  int cols() const { return c; }
  int outerStride() const { return outer; }
  const double* data() const { return memory.data(); }
};

TEST(Tensor, TakesAMatrixInColumnsOrInRows) {
  // 1 2 3
  // 4 5 6
  const OtherMatrix<false> columns{2, 3, 2, {1, 4, 2, 5, 3, 6}};
  const OtherMatrix<true> rows{2, 3, 3, {1, 2, 3, 4, 5, 6}};
  const OtherMatrix<false> part{2, 3, 4, {1, 4, 0, 0, 2, 5, 0, 0, 3, 6, 0, 0}};
  for (const Tensor& t : {Tensor(columns), Tensor(rows), Tensor(part)}) {
    EXPECT_EQ(t.shape(), (Shape{2, 3}));
    for (int64_t i = 0; i < 6; ++i) EXPECT_EQ(t.at(i), static_cast<double>(i + 1));
  }
  const TensorView view = rows;
  EXPECT_EQ(view.span<double>().data(), rows.memory.data());
  const OtherMatrix<true> apart{2, 2, 3, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(error_of([&] { return TensorView(apart); }),
            "TensorView of a matrix of shape (2, 2): expected rows that follow each other without "
            "gaps, got rows 3 and columns 1 elements apart. Hint: Tensor(matrix) is a copy without "
            "gaps");
  const OtherMatrix<false, 1> vector{3, 1, 3, {7, 8, 9}};
  EXPECT_EQ(Tensor(vector).shape(), Shape{3});
  EXPECT_EQ(TensorView(vector).at(2), 9);
}

TEST(Tensor, IsTransposedAsACopy) {
  const Tensor t = Tensor::of<int32_t>({2, 3}, {1, 2, 3, 4, 5, 6}).transposed();
  EXPECT_EQ(t.shape(), (Shape{3, 2}));
  EXPECT_EQ(t(2, 0), 3);
  EXPECT_EQ(t(0, 1), 4);
  EXPECT_THROW(counted({4}).transposed(), Error);
}

TEST(TensorView, RefusesUnknownRows) {
  const float values[6] = {};
  EXPECT_THROW(TensorView(values, {kRows, 6}, DType::float32), Error);
  EXPECT_THROW(TensorView(values, {6, kRows}, DType::float32), Error);
}

TEST(Shape, RefusesAnAxisThatIsNotThere) {
  const Shape shape = {2, 3};
  EXPECT_EQ(error_of([&] { return shape[2]; }),
            "Shape (2, 3): expected an axis within 0 … 1, got 2.");
  EXPECT_THROW(shape[-1], Error);
  EXPECT_THROW(Shape{}.back(), Error);
}

}  // namespace tensor_test
}  // namespace cornu::inline v0
