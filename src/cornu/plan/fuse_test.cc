#include <gtest/gtest.h>

#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace fuse_test {

using kernels::Function;
using ops::Product;

bool updates(const Op& op) {
  return op.fused.has_update();
}

TEST(Fuse, DecodeGoesIntoTheProductsThatReadTheBytes) {
  const Plan whole = plan_of(tutorial_graph(), Mode::training);
  const Plan fused = improve(whole, all_but({"drop_unread", "fuse_decode"}));
  EXPECT_EQ(count(whole, "decode"), 1);
  EXPECT_EQ(count(fused, "decode"), 0);
  // Forward and the gradient of the first kernel.
  EXPECT_EQ(count_products(fused,
                           [&](const Op& op) {
                             return op.fused.decode == ops::Decode{.divisor = 255, .offset = 0} &&
                                    fused.slot(op.in[Product::kX]).dtype == DType::uint8 &&
                                    fused.slot(op.in[Product::kX]).shape == Shape({kRows, 20});
                           }),
            2);
}

TEST(Fuse, DecodeStaysWhereSomethingElseReadsTheNumbers) {
  // Without drop_unread the first input has a gradient, whose product reads no bytes. If the
  // decoded numbers are the output, they must be computed.
  Graph graph;
  graph.set_outputs(graph.add(Dropout({.rate = 0.5F}), {graph.add_input({4})}));
  graph.build(0);
  const Spec spec{.x = {{{4}, {.dtype = DType::uint8, .divisor = 255}}}, .y = {}, .size = 0};
  const Plan plan = make_plan(graph, spec, {}, nullptr, {.mode = Mode::predict, .capacity = 8});
  EXPECT_EQ(count(plan, "decode"), 1);
  EXPECT_EQ(count(improve(plan), "decode"), 1);
}

TEST(Fuse, ActivationsGoIntoTheirProducts) {
  const Plan whole = plan_of(tutorial_graph(), Mode::training);
  const Plan fused = improve(whole, all_but({"drop_unread", "fuse_activation"}));
  EXPECT_EQ(count(whole, "pointwise"), 1);
  EXPECT_EQ(count(fused, "pointwise"), 0);
  EXPECT_EQ(count_products(fused,
                           [](const Op& op) {
                             return op.fused.function == Function::sigmoid && op.in.size() == 3;
                           }),
            1);
  // Dropout comes between the derivative and the product of the layer above.
  EXPECT_EQ(count(fused, "pointwise_back"), 1);
}

TEST(Fuse, DerivativesGoIntoTheProductOfTheLayerAbove) {
  Graph graph;
  auto at = graph.add(Dense({.units = 5, .activation = "tanh"}), {graph.add_input({5, 4})});
  at = graph.add(Flatten(), at);
  at = graph.add(Dense({.units = 4, .activation = "relu"}), at);
  at = graph.add(Dense({.units = 3, .activation = "softmax"}), at);
  graph.set_outputs(at);
  graph.build(0);
  const Plan fused = improve(plan_of(graph, Mode::training));
  // A Flatten follows the tanh: its slot has another shape than the product's.
  EXPECT_EQ(count(fused, "pointwise_back"), 1);
  EXPECT_EQ(count_products(fused,
                           [](const Op& op) {
                             return op.fused.function == Function::relu &&
                                    op.fused_input(Fused::kSaved) != kNone;
                           }),
            1);
}

TEST(Fuse, UpdatesGoBehindTheGradientAndNoGradientIsKept) {
  for (const Optimizer& optimizer :
       {Optimizer("adam"), Optimizer("sgd"), make_optimizer("sgd", {{"momentum", 0.9}}),
        make_optimizer("adam", {{"amsgrad", true}}), Optimizer("rmsprop"), Optimizer("adagrad"),
        Optimizer("adadelta"), Optimizer("adamax"), Optimizer("nadam"), Optimizer("lion")}) {
    const Plan whole = plan_of(tutorial_graph(), Mode::training, optimizer);
    const Plan fused = improve(whole);
    EXPECT_EQ(count_products(fused, updates), 2);
    for (const Op& op : fused.ops) {
      if (!updates(op)) continue;
      EXPECT_TRUE(std::holds_alternative<Product>(op.what));
      EXPECT_EQ(op.phase, Phase::update);
      EXPECT_EQ(fused.slot(op.out[0]).kind, SlotKind::weight);
      for (SlotId out : op.out) EXPECT_NE(fused.slot(out).kind, SlotKind::gradient);
    }
    // The gradient of the layer below reads the kernel before its update.
    const auto reads_kernel = [&](const Op& op, std::string_view wanted) {
      return name(op.what) == "product" && op.phase == Phase::backward &&
             fused.slot(fused.base(op.in[Product::kW])).name == wanted;
    };
    const auto last_reader = std::find_if(fused.ops.rbegin(), fused.ops.rend(), [&](const Op& op) {
      return reads_kernel(op, "dense_1/kernel");
    });
    const auto update = std::find_if(fused.ops.rbegin(), fused.ops.rend(), [&](const Op& op) {
      return op.phase == Phase::update && fused.slot(op.out[0]).name == "dense_1/kernel";
    });
    ASSERT_NE(last_reader, fused.ops.rend());
    EXPECT_GT(last_reader - fused.ops.rbegin(), update - fused.ops.rbegin());
  }
}

TEST(Fuse, BatchesBeyondABlockOfTheProductKeepRoomForItsSums) {
  const Plan fused = improve(plan_of(tutorial_graph(), Mode::training, "adam", 1000));
  EXPECT_EQ(count_products(fused,
                           [&](const Op& op) {
                             return updates(op) && op.out.size() == 4 &&
                                    fused.slot(op.out[3]).kind == SlotKind::gradient;
                           }),
            2);
}

TEST(Fuse, SamplesOfSeveralLinesFillABlockSooner) {
  const auto kept = [](int64_t batch_size) {
    Graph graph;
    const auto at = graph.add(Dense({.units = 2}), {graph.add_input({4, 3})});
    graph.set_outputs(at);
    graph.build(0);
    const Spec spec{.x = {{{4, 3}, {}}}, .y = {{{4, 2}, {}}}, .size = 0};
    const Optimizer sgd = "sgd";
    const Plan fused = improve(make_plan(graph, spec, {Loss("mse")}, &sgd,
                                         {.mode = Mode::training, .capacity = batch_size}));
    return count_products(fused, [](const Op& op) { return updates(op) && op.out.size() == 2; });
  };
  EXPECT_EQ(kept(64), 0);
  EXPECT_EQ(kept(65), 1);
}

}  // namespace fuse_test
}  // namespace cornu::inline v0
