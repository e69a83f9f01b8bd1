#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/merge.h"
#include "cornu/optimizers/adam.h"
#include "cornu/optimizers/adamw.h"
#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace slices_test {

/// The plan of the second of two processes with a shard each.
Plan plan_of_second(const Graph& graph, const Optimizer& optimizer = "adam") {
  const Spec spec{.x = {{{20}, {}}}, .y = {{{3}, {}}}, .size = 0};
  return improve(make_plan(graph, spec, {OutputLoss(Loss("mse"))}, &optimizer,
                           {.mode = Mode::training,
                            .capacity = 32,
                            .shards = 2,
                            .part = {.index = 1, .count = 2, .updates_slices = true}}));
}

Graph dense_net(const std::vector<int64_t>& units) {
  Graph graph;
  auto at = std::vector<int>{graph.add_input({20})};
  for (const int64_t each : units) at = graph.add(Dense({.units = each, .activation = "relu"}), at);
  graph.set_outputs(graph.add(Dense(3), at));
  graph.build(0);
  return graph;
}

template <class X>
std::vector<size_t> places_of(const std::vector<Op>& ops) {
  std::vector<size_t> places;
  for (size_t i = 0; i < ops.size(); ++i) {
    if (std::holds_alternative<X>(ops[i].what)) places.push_back(i);
  }
  return places;
}

SlotKind kind_of(const Plan& plan, SlotId id) {
  return plan.slot(id).kind;
}

TEST(Slices, EachProcessUpdatesItsSliceAndSendsWeights) {
  const Plan plan = plan_of_second(dense_net({8}));
  const auto updates = places_of<ops::AdamUpdate>(plan.ops);
  EXPECT_EQ(updates.size(), 4U);
  for (const size_t i : updates) EXPECT_TRUE(plan.ops[i].of_slice);
  ASSERT_EQ(places_of<ops::SpreadSlices>(plan.ops), std::vector{plan.ops.size() - 1});
  const Op& spread = plan.ops.back();
  EXPECT_EQ(spread.phase, Phase::update);
  EXPECT_EQ(spread.out.size(), 4U);
  for (const SlotId each : spread.out) EXPECT_EQ(kind_of(plan, each), SlotKind::weight);
  // From the sum on, the other process may change its slices of the weights.
  const auto sums = places_of<ops::SumSlices>(plan.ops);
  ASSERT_EQ(sums.size(), 1U);
  const Slots& summed = plan.ops[sums[0]].out;
  for (const SlotId each : spread.out) EXPECT_THAT(summed, testing::Contains(each));
}

// A decay changes weights before the update reads the gradient, so the sum comes first.
TEST(Slices, DecayIsDividedAsUpdatesAre) {
  const Plan plan = plan_of_second(dense_net({8}), AdamW({.weight_decay = 0.1}));
  const auto decays = places_of<ops::WeightDecay>(plan.ops);
  ASSERT_FALSE(decays.empty());
  for (const size_t i : decays) EXPECT_TRUE(plan.ops[i].of_slice);
  for (const size_t i : places_of<ops::AdamUpdate>(plan.ops)) EXPECT_TRUE(plan.ops[i].of_slice);
  const auto sums = places_of<ops::SumSlices>(plan.ops);
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_LT(sums[0], decays[0]);
}

TEST(Slices, ANormNeedsAllOfAGradient) {
  const Plan plan = plan_of_second(dense_net({8}), Adam({.clipnorm = 1}));
  for (const Op& op : plan.ops) EXPECT_FALSE(op.of_slice);
  const auto spreads = places_of<ops::SpreadSlices>(plan.ops);
  ASSERT_EQ(spreads.size(), 1U);
  for (const SlotId each : plan.ops[spreads[0]].out) {
    EXPECT_EQ(kind_of(plan, each), SlotKind::gradient);
  }
}

// A moving average may overwrite weights in a step without an update.
TEST(Slices, WeightsAreSentWheneverTheyMayChange) {
  const Plan plan =
      plan_of_second(dense_net({8}), Adam({.use_ema = true, .gradient_accumulation_steps = 2}));
  EXPECT_EQ(plan.ops.back().what.index(), What(ops::SpreadSlices{}).index());
  EXPECT_EQ(plan.ops.back().phase, Phase::backward);
}

// The gradient of the second kernel travels while that of the first is computed; then nothing is
// left that would hide the time of the first.
TEST(Slices, LargeGradientsAreSentWhileOthersAreComputed) {
  const Plan plan = plan_of_second(dense_net({2000, 400}));
  const auto sent = places_of<ops::SendSlices>(plan.ops);
  ASSERT_EQ(sent.size(), 1U);
  const Op& send = plan.ops[sent[0]];
  EXPECT_EQ(plan.slot(send.in[0]).shape, (Shape{2000, 400}));
  EXPECT_EQ(plan.slot(send.out[0]).shape, (Shape{400000}));  // of the other's only shard
  EXPECT_LT(sent[0], places_of<ops::Product>(plan.ops).back());
  const size_t sum = places_of<ops::SumSlices>(plan.ops).at(0);
  EXPECT_GT(sum, places_of<ops::Product>(plan.ops).back());
  EXPECT_EQ(std::ranges::count(plan.ops[sum].in, send.out[0]), 1);
  EXPECT_EQ(std::ranges::count(plan.ops[sum].in, kNone), 5);  // the others wait for the sum
}

// Processes of other numbers of threads exchange the same messages in the same order.
TEST(Slices, ExchangesKeepTheirOrder) {
  Graph graph;
  const auto x = std::vector<int>{graph.add_input({20})};
  auto deep = graph.add(Dense(64, "relu"), x);
  deep = graph.add(BatchNormalization(), graph.add(Dense(64, "relu"), deep));
  const auto flat = graph.add(Dense(64), graph.add(BatchNormalization(), x));
  graph.set_outputs(graph.add(Dense(3), graph.add(Add(), {deep[0], flat[0]})));
  graph.build(0);
  const Plan plan = plan_of_second(graph);
  const auto order = [&](const std::vector<Op>& ops) {
    std::vector<SlotId> first_slots;
    for (const Op& op : ops) {
      if (exchanges(op.what)) first_slots.push_back(op.in[0]);
    }
    return first_slots;
  };
  EXPECT_GE(order(plan.ops).size(), 5U);
  for (const int members : {1, 2, 3, 4}) {
    EXPECT_EQ(order(make_schedule(plan, members).ops), order(plan.ops)) << members;
  }
}

}  // namespace slices_test
}  // namespace cornu::inline v0
