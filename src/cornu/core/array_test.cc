#include "cornu/core/array.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/print.h"

namespace cornu {
namespace array_test {

using testing::HasSubstr;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

template <class T>
Tensor tensor_of(Shape shape, const std::vector<T>& values) {
  return Tensor::of<T>(shape, values);
}

// Three rows of probabilities, with ties.
Tensor probabilities() {
  return tensor_of<float>(
      {3, 4}, {0.125f, 0.625f, 0.125f, 0.125f, 0.5f, 0.0f, 0.0f, 0.5f, 0.0f, 0.25f, 0.25f, 0.5f});
}

template <class Call>
std::string message(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// Expected texts are repr() of NumPy 2.4's results for the same values.
TEST(Array, ArgmaxTakesTheFirstLargestAlongAnyAxis) {
  EXPECT_EQ(repr(argmax(probabilities())), "array([1, 0, 3])");
  EXPECT_EQ(repr(argmax(probabilities(), 1)), "array([1, 0, 3])");
  EXPECT_EQ(repr(argmax(probabilities(), 0)), "array([1, 0, 2, 1])");
  EXPECT_EQ(repr(argmax(probabilities(), -2)), "array([1, 0, 2, 1])");
  EXPECT_EQ(repr(argmax(tensor_of<uint8_t>({2, 2, 3}, {1, 9, 3, 9, 5, 6, 7, 8, 9, 0, 9, 2}), 1)),
            "array([[1, 0, 1],\n       [0, 1, 0]])");
  EXPECT_EQ(repr(argmax(tensor_of<int64_t>({2}, {(int64_t{1} << 53), (int64_t{1} << 53) + 1}))),
            "array(1)");
}

TEST(Array, NanIsTheLargestForArgmaxAndMax) {
  const Tensor values = tensor_of<float>({2, 4}, {1, kNan, 5, kNan, kNan, 2, kInf, 0});
  EXPECT_EQ(repr(argmax(values)), "array([1, 0])");
  EXPECT_EQ(repr(max(values)), "array([nan, nan], dtype=float32)");
  EXPECT_EQ(repr(max(values, 0)), "array([nan, nan, inf, nan], dtype=float32)");
}

TEST(Array, MaxKeepsTheDtype) {
  EXPECT_EQ(repr(max(probabilities())), "array([0.625, 0.5  , 0.5  ], dtype=float32)");
  EXPECT_EQ(repr(max(probabilities(), 0)), "array([0.5  , 0.625, 0.25 , 0.5  ], dtype=float32)");
  EXPECT_EQ(repr(max(tensor_of<uint8_t>({2, 2}, {1, 200, 30, 4}))),
            "array([200,  30], dtype=uint8)");
  EXPECT_EQ(repr(max(tensor_of<double>({3}, {-3, -1, -2}))), "array(-1.)");
  EXPECT_EQ(max(Tensor({0, 3})).shape(), Shape{0});
}

TEST(Array, ReductionsRefuseMissingAxesAndValues) {
  EXPECT_THAT(message([] { argmax(probabilities(), 2); }),
              HasSubstr("argmax: expected an axis within -2 … 1, got axis 2 of shape (3, 4)"));
  EXPECT_THAT(message([] { max(probabilities(), -3); }), HasSubstr("got axis -3"));
  EXPECT_THAT(message([] { argmax(Tensor(Shape{})); }), HasSubstr("expected a tensor with axes"));
  EXPECT_THAT(message([] { max(Tensor({3, 0})); }), HasSubstr("at least one value"));
}

TEST(Array, RoundsHalvesToEvenInTheValuesOwnType) {
  EXPECT_EQ(repr(round(tensor_of<double>({6}, {0.5, 1.5, 2.5, -0.5, -1.5, -2.5}))),
            "array([ 0.,  2.,  2., -0., -2., -2.])");
  EXPECT_EQ(repr(round(tensor_of<float>({4}, {0.98765f, 2.8813774e-9f, 0.125f, 0.135f}), 2)),
            "array([0.99, 0.  , 0.12, 0.14], dtype=float32)");
  EXPECT_EQ(repr(round(tensor_of<double>({4}, {0.98765, 2.675, 0.125, 0.135}), 2)),
            "array([0.99, 2.68, 0.12, 0.14])");
  EXPECT_EQ(repr(round(tensor_of<float>({3}, {1250, 1350, -149}), -2)),
            "array([1200., 1400., -100.], dtype=float32)");
  EXPECT_EQ(repr(round(tensor_of<float>({3}, {kNan, kInf, -kInf}), 1)),
            "array([ nan,  inf, -inf], dtype=float32)");
  EXPECT_TRUE(std::isnan(round(tensor_of<float>({1}, {1.0f}), 39).at(0)));
}

TEST(Array, RoundLeavesIntegersAsTheyAre) {
  EXPECT_EQ(repr(round(tensor_of<int32_t>({2}, {15, -25}), 2)), "array([ 15, -25], dtype=int32)");
  EXPECT_THAT(message([] { round(tensor_of<int32_t>({1}, {15}), -1); }),
              HasSubstr("expected decimals of 0 or more for int32, got -1"));
}

TEST(Array, TopKOrdersAsASortOfTheNegatives) {
  const TopK top = top_k(probabilities(), 3);
  EXPECT_EQ(repr(top.indices), "array([[1, 0, 2],\n       [0, 3, 1],\n       [3, 1, 2]])");
  EXPECT_EQ(repr(top.values),
            "array([[0.625, 0.125, 0.125],\n       [0.5  , 0.5  , 0.   ],\n"
            "       [0.5  , 0.25 , 0.25 ]], dtype=float32)");
  const TopK with_nan = top_k(tensor_of<float>({5}, {kNan, 1, kInf, kNan, 1}), 5);
  EXPECT_EQ(repr(with_nan.indices), "array([2, 1, 4, 0, 3])");
  EXPECT_EQ(repr(top_k(tensor_of<uint8_t>({3}, {0, 200, 100}), 2).values),
            "array([200, 100], dtype=uint8)");
}

TEST(Array, TopKRefusesMoreThanThereAre) {
  EXPECT_THAT(message([] { top_k(probabilities(), 5); }),
              HasSubstr("top_k: expected k within 0 … 4, the last axis of shape (3, 4), got 5"));
  EXPECT_THAT(message([] { top_k(probabilities(), -1); }), HasSubstr("got -1"));
  EXPECT_EQ(top_k(probabilities(), 0).indices.shape(), (Shape{3, 0}));
}

TEST(Array, ToCategoricalMakesOneHotRows) {
  const std::string expected =
      "array([[0., 0., 1.],\n       [1., 0., 0.],\n       [0., 1., 0.]], dtype=float32)";
  EXPECT_EQ(repr(to_categorical(tensor_of<uint8_t>({3}, {2, 0, 1}), 3)), expected);
  EXPECT_EQ(repr(to_categorical(tensor_of<int64_t>({3, 1}, {2, 0, 1}), 3)), expected);
  EXPECT_EQ(repr(to_categorical(tensor_of<float>({3}, {2, 0, 1}), 3)), expected);
}

TEST(Array, ToCategoricalNamesTheFirstWrongLabel) {
  EXPECT_THAT(message([] {
                to_categorical(tensor_of<uint8_t>({3}, {2, 10, 11}), 10);
              }),
              HasSubstr("to_categorical: expected labels within 0 … 9, got 10 at index 1"));
  EXPECT_THAT(message([] {
                to_categorical(tensor_of<int32_t>({2}, {0, -1}), 10);
              }),
              HasSubstr("got -1 at index 1"));
  EXPECT_THAT(message([] { to_categorical(tensor_of<float>({1}, {0.5f}), 10); }),
              HasSubstr("got 0.5"));
  EXPECT_THAT(message([] { to_categorical(tensor_of<float>({1}, {kNan}), 10); }),
              HasSubstr("got nan"));
  EXPECT_THAT(message([] { to_categorical(tensor_of<uint8_t>({1}, {0}), 0); }),
              HasSubstr("at least one class"));
}

}  // namespace array_test
}  // namespace cornu
