#include "cornu/ops/builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cornu::inline v0 {
namespace builder_test {

using ::testing::HasSubstr;

TEST(Builder, AProductTakesInputsThatFitItsKernel) {
  Builder b;
  b.declare_weight("dense/kernel", {4, 3}, true);
  const auto scope = b.scope("dense");
  const SlotId x = b.input("x", {kRows, 4}, DType::float32);
  const SlotId y = b.emit_one(ops::Product{}, {x, b.weight("kernel"), kNone});
  EXPECT_EQ(b.slot(y).shape, (Shape{kRows, 3}));
  const SlotId deep = b.input("x", {kRows, 5, 4}, DType::float32);
  EXPECT_EQ(b.slot(b.emit_one(ops::Product{}, {deep, b.weight("kernel"), kNone})).shape,
            (Shape{kRows, 5, 3}));
  const SlotId wrong = b.input("x", {kRows, 5}, DType::float32);
  try {
    b.emit(ops::Product{}, {wrong, b.weight("kernel"), kNone});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("dense: input does not fit the kernel"));
    EXPECT_THAT(error.what(), HasSubstr("(None, …, 4), got (None, 5)"));
  }
}

struct SaysNothing {};
struct ReadsItsShare {
  static constexpr bool kReadsItsShare = true;
};
struct ByElement {
  static constexpr bool kElementwise = true;
};

TEST(Op, HasToStateHowItsInputsAreRead) {
  static_assert(!ops::StatesReads<SaysNothing>);
  static_assert(ops::StatesReads<ReadsItsShare> && !ops::Elementwise<ReadsItsShare>);
  static_assert(ops::StatesReads<ByElement> && ops::Elementwise<ByElement>);
  EXPECT_TRUE(is_elementwise(ops::Pointwise{}));
  EXPECT_TRUE(is_elementwise(ops::AdamUpdate{}));
  EXPECT_FALSE(is_elementwise(ops::Softmax{}));
  EXPECT_FALSE(is_elementwise(ops::Product{}));
}

TEST(Builder, FirstGradientAssignsAndLaterOnesGoOn) {
  Builder b;
  const SlotId x = b.input("x", {kRows, 2}, DType::float32);
  const SlotId y = b.emit_one(ops::Pointwise{kernels::Function::tanh}, {x});
  const SlotId z = b.emit_one(ops::Pointwise{kernels::Function::relu}, {x});
  b.seed_gradient(y, b.input("dy", {kRows, 2}, DType::float32));
  b.seed_gradient(z, b.input("dz", {kRows, 2}, DType::float32));
  b.derive_gradients();
  ASSERT_EQ(b.ops().size(), 4U);
  EXPECT_FALSE(b.ops()[2].accumulate);
  EXPECT_TRUE(b.ops()[3].accumulate);
  EXPECT_EQ(b.ops()[2].out, b.ops()[3].out);
}

TEST(Builder, WhatNoLossDependsOnHasNoGradient) {
  Builder b;
  const SlotId x = b.input("x", {kRows, 2}, DType::float32);
  b.emit(ops::Pointwise{kernels::Function::tanh}, {x});
  b.derive_gradients();
  EXPECT_EQ(b.ops().size(), 1U);
  EXPECT_FALSE(b.has_gradient(x));
}

TEST(Builder, AReshapeSharesMemoryAndGradient) {
  Builder b;
  const SlotId x = b.input("x", {kRows, 2, 3}, DType::float32);
  const SlotId flat = b.reshape(x, {kRows, 6});
  EXPECT_EQ(b.slot(flat).base, x);
  EXPECT_EQ(b.reshape(flat, {kRows, 6}), flat);
  const SlotId gradient = b.gradient(flat);
  EXPECT_EQ(b.slot(gradient).base, b.gradient(x));
}

TEST(Builder, StatesAreMadeOnceAndStreamsDifferByUse) {
  Builder b;
  const auto scope = b.scope("adam");
  EXPECT_EQ(b.state("m", {3}), b.state("m", {3}));
  EXPECT_NE(b.stream(), b.stream());
  Builder again;
  const auto same = again.scope("adam");
  Builder fresh;
  const auto other = fresh.scope("adam");
  EXPECT_EQ(again.stream(), fresh.stream());
}

TEST(Builder, StepsRunAheadOfTheForwardOps) {
  Builder b;
  b.emit(ops::Pointwise{kernels::Function::tanh}, {b.input("x", {kRows, 2}, DType::float32)});
  const SlotId power = b.state("power", {1}, 1, DType::float64);
  const SlotId alpha = b.step(ops::AdamStep{}, {power, power})[0];
  EXPECT_EQ(b.ops()[0].split, Split::one);
  EXPECT_EQ(b.ops()[0].phase, Phase::prepare);
  EXPECT_EQ(b.ops()[0].out, (Slots{alpha, power, power}));
}

TEST(Ops, FlopsOfAProductAreTwiceRowsDepthUnits) {
  Builder b;
  b.declare_weight("kernel", {784, 64}, true);
  const SlotId x = b.input("x", {kRows, 784}, DType::float32);
  b.emit(ops::Product{}, {x, b.weight("kernel"), kNone});
  const Op& op = b.ops()[0];
  EXPECT_DOUBLE_EQ(flops(op, sizes_of(op, b.slots(), 128)), 2.0 * 128 * 784 * 64);
}

}  // namespace builder_test
}  // namespace cornu::inline v0
