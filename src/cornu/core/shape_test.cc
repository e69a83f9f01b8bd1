#include "cornu/core/shape.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace shape_test {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

TEST(Shape, KeepsItsExtents) {
  const Shape shape{2, 3, 4};
  EXPECT_EQ(shape.ndim(), 3);
  EXPECT_EQ(shape[0], 2);
  EXPECT_EQ(shape[2], 4);
  EXPECT_EQ(shape.back(), 4);
  EXPECT_EQ(shape.size(), 24);
  EXPECT_EQ(std::vector<int64_t>(shape.extents().begin(), shape.extents().end()),
            (std::vector<int64_t>{2, 3, 4}));
}

TEST(Shape, IsAScalarByDefault) {
  EXPECT_EQ(Shape{}.ndim(), 0);
  EXPECT_EQ(Shape{}.size(), 1);
  EXPECT_EQ(Shape{}, Shape(std::span<const int64_t>{}));
}

TEST(Shape, PrintsAsKerasDoes) {
  EXPECT_EQ(Shape{}.str(), "()");
  EXPECT_EQ(Shape{10}.str(), "(10,)");
  EXPECT_EQ((Shape{28, 28}).str(), "(28, 28)");
  EXPECT_EQ((Shape{kRows, 64}).str(), "(None, 64)");
  EXPECT_EQ(Shape{kRows}.str(), "(None,)");
}

TEST(Shape, TakesEightAxesAndNoMore) {
  EXPECT_EQ((Shape{1, 1, 1, 1, 1, 1, 1, 2}).size(), 2);
  EXPECT_THROW((Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}), Error);
  EXPECT_THROW((Shape{1, 1, 1, 1, 1, 1, 1, 1}).with_rows(), Error);
}

TEST(Shape, RefusesNegativeExtents) {
  EXPECT_THROW((Shape{-2}), Error);
  EXPECT_THROW((Shape{3, -1}), Error);
  EXPECT_THROW((Shape{kRows, kRows}), Error);
  EXPECT_NO_THROW((Shape{kRows, 0}));
}

TEST(Shape, CountsRows) {
  const Shape shape{kRows, 3};
  EXPECT_TRUE(shape.has_rows());
  EXPECT_EQ(shape.size(), 3);
  EXPECT_EQ(shape.size(5), 15);
  EXPECT_EQ(shape.with_rows(5), (Shape{5, 3}));
  EXPECT_EQ(shape.with_rows(0), (Shape{0, 3}));
  EXPECT_EQ((Shape{2, 3}).with_rows(5), (Shape{2, 3}));
  EXPECT_EQ((Shape{3}).with_rows(), shape);
  EXPECT_EQ(Shape{}.with_rows(), Shape{kRows});
  EXPECT_EQ(shape.without_rows(), Shape{3});
  EXPECT_FALSE(Shape{}.has_rows());
  EXPECT_THROW(shape.with_rows(-1), Error);
}

TEST(Shape, HasNoSampleInAScalar) {
  EXPECT_THROW(Shape{}.without_rows(), Error);
}

TEST(Shape, RefusesASizePastSixtyThreeBits) {
  EXPECT_EQ((Shape{kMost, 1}).size(), kMost);
  EXPECT_THROW((Shape{kMost, 2}).size(), Error);
  // Its product is 4 modulo 2^64.
  EXPECT_THROW((Shape{4194305, 4194305, 211106198978564}).size(), Error);
  EXPECT_THROW((Shape{kRows, 3}).size(kMost), Error);
  EXPECT_EQ((Shape{0, kMost, 1}).size(), 0);
}

TEST(Shape, ComparesAxesAndExtents) {
  EXPECT_EQ((Shape{2, 3}), (Shape{2, 3}));
  EXPECT_NE((Shape{2, 3}), (Shape{3, 2}));
  EXPECT_NE((Shape{2}), (Shape{2, 0}));
  EXPECT_NE(Shape{}, Shape{0});
}

}  // namespace shape_test
}  // namespace cornu::inline v0
