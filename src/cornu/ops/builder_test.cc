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

TEST(Builder, FirstGradientOverwritesAndLaterOnesAdd) {
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

TEST(Builder, ASlotThatNoLossDependsOnHasNoGradient) {
  Builder b;
  const SlotId x = b.input("x", {kRows, 2}, DType::float32);
  b.emit(ops::Pointwise{kernels::Function::tanh}, {x});
  b.derive_gradients();
  EXPECT_EQ(b.ops().size(), 1U);
  EXPECT_FALSE(b.has_gradient(x));
}

std::string update_error(What what, Shape dw, std::vector<Shape> written) {
  Builder b;
  const auto scope = b.scope("dense");
  const SlotId in = b.input("dw", dw, DType::float32);
  Slots out;
  for (const Shape& shape : written) {
    out.push_back(b.state("s" + std::to_string(out.size()), shape));
  }
  try {
    b.update(std::move(what), {in}, out);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Builder, AnUpdateWritesItsNumberOfSlotsOfTheGradientsShape) {
  const Shape w = {4, 3};
  EXPECT_EQ(update_error(ops::SgdUpdate{}, w, {w}), "");
  EXPECT_EQ(update_error(ops::SgdUpdate{.momentum = 0.9}, w, {w, w}), "");
  EXPECT_EQ(update_error(ops::AdamUpdate{}, w, {w, w, w}), "");
  EXPECT_EQ(update_error(ops::Accumulate{}, w, {w, w}), "");
  EXPECT_EQ(update_error(ops::ClipValue{}, w, {w}), "");
  EXPECT_EQ(update_error(ops::MovingStatistics{}, {3}, {{3}}), "");
  EXPECT_THAT(update_error(ops::SgdUpdate{}, w, {{3, 4}}),
              HasSubstr("dense: the op sgd_update has the wrong outputs; expected "
                        "(4, 3) float32, got (3, 4) float32"));
  EXPECT_THAT(update_error(ops::SgdUpdate{.momentum = 0.9}, w, {w}), HasSubstr("sgd_update"));
  EXPECT_THAT(update_error(ops::AdamUpdate{}, w, {w, w}), HasSubstr("adam_update"));
  EXPECT_THAT(update_error(ops::MovingStatistics{}, {3}, {{4}}), HasSubstr("moving_statistics"));
}

TEST(Builder, ARuleWritesItsWeightAndTheStatesItHas) {
  using kernels::UpdateRule;
  const Shape w = {4, 3};
  const auto fits = [&](UpdateRule rule, size_t states) {
    return update_error(ops::RuleUpdate{rule}, w, std::vector<Shape>(1 + states, w)).empty() &&
           !update_error(ops::RuleUpdate{rule}, w, std::vector<Shape>(states, w)).empty();
  };
  EXPECT_TRUE(fits({.kind = UpdateRule::rmsprop}, 1));
  EXPECT_TRUE(fits({.kind = UpdateRule::rmsprop, .momentum = 0.5}, 2));
  EXPECT_TRUE(fits({.kind = UpdateRule::rmsprop, .centered = true}, 2));
  EXPECT_TRUE(fits({.kind = UpdateRule::rmsprop, .momentum = 0.5, .centered = true}, 3));
  EXPECT_TRUE(fits({.kind = UpdateRule::adagrad}, 1));
  EXPECT_TRUE(fits({.kind = UpdateRule::adadelta}, 2));
  EXPECT_TRUE(fits({.kind = UpdateRule::adamax}, 2));
  EXPECT_TRUE(fits({.kind = UpdateRule::nadam}, 2));
  EXPECT_TRUE(fits({.kind = UpdateRule::lion}, 1));
  EXPECT_TRUE(fits({.kind = UpdateRule::amsgrad}, 3));
}

TEST(Builder, AGradientHasTheShapeOfItsSlot) {
  Builder b;
  const SlotId x = b.input("x", {kRows, 4}, DType::float32);
  const SlotId dy = b.input("dy", {kRows, 3}, DType::float32);
  b.declare_weight("kernel", {4, 3}, true);
  const SlotId w = b.weight("kernel");
  EXPECT_NO_THROW(b.add(b.gradient(w), ops::Product{.x_transposed = true}, {x, dy, kNone}));
  EXPECT_NO_THROW(b.add(b.gradient(x), ops::Product{.w_transposed = true}, {dy, w, kNone}));
  EXPECT_THROW(b.add(b.gradient(w), ops::Product{.x_transposed = true}, {dy, x, kNone}), Error);
  EXPECT_THROW(b.add(b.gradient(x), ops::SumRows{}, {dy}), Error);
}

TEST(Builder, EachInputOfAConcatenateGetsItsSliceOfTheGradient) {
  Builder b;
  const SlotId x = b.input("x", {kRows, 2}, DType::float32);
  const SlotId y = b.input("y", {kRows, 5}, DType::float32);
  const SlotId both = b.emit_one(ops::Concatenate{}, {x, y});
  b.seed_gradient(both, b.input("d", {kRows, 7}, DType::float32));
  b.derive_gradients();
  EXPECT_EQ(std::get<ops::Slice>(b.ops()[2].what), (ops::Slice{1, 2, 5}));
  EXPECT_EQ(b.slot(b.ops()[2].out[0]).shape, (Shape{kRows, 5}));
  EXPECT_THROW(b.add(b.gradient(x), ops::Slice{1, 2, 5}, {b.gradient(both)}), Error);
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

TEST(Builder, RefusesAWeightThatIsNotListedAndAShapeThatDoesNotFit) {
  Builder b;
  b.declare_weight("mine/kernel", {2, 3}, true);
  const auto scope = b.scope("mine");
  EXPECT_THROW(b.weight("bias"), Error);
  EXPECT_THROW(b.reshape(b.weight("kernel"), {5}), Error);
  EXPECT_THROW(b.reshape(b.weight("kernel"), {kRows, 6}), Error);
  EXPECT_EQ(b.slot(b.reshape(b.weight("kernel"), {6})).shape, Shape{6});
}

}  // namespace builder_test
}  // namespace cornu::inline v0
