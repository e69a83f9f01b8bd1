#include "cornu/plan/passes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/layers/dense.h"
#include "cornu/layers/dropout.h"
#include "cornu/layers/flatten.h"

namespace cornu::inline v0 {
namespace {

using ::testing::HasSubstr;

Graph tutorial_graph() {
  Graph graph;
  auto at = std::vector<int>{graph.add_input({5, 4})};
  at = graph.add(Flatten(), at);
  at = graph.add(Dense({.units = 6, .activation = "sigmoid"}), at);
  at = graph.add(Dropout({.rate = 0.5F}), at);
  at = graph.add(Dense({.units = 3, .activation = "softmax"}), at);
  graph.set_outputs(at);
  graph.build(0);
  return graph;
}

Plan plan_of(const Graph& graph, Mode mode) {
  const Spec spec{.x = {{{5, 4}, {.dtype = DType::uint8, .divisor = 255}}},
                  .y = {{{3}, {.dtype = DType::uint8, .classes = 3}}},
                  .size = 0};
  const Loss loss = "categorical_crossentropy";
  const Optimizer adam = "adam";
  return make_plan(graph, spec, std::span(&loss, 1), &adam, {.mode = mode, .capacity = 32});
}

int count(const Plan& plan, std::string_view name_wanted) {
  return static_cast<int>(std::count_if(plan.ops.begin(), plan.ops.end(), [&](const Op& op) {
    return name(op.what) == name_wanted;
  }));
}

TEST(Plan, ModesLowerDifferently) {
  const Graph graph = tutorial_graph();
  const Plan training = plan_of(graph, Mode::training);
  const Plan evaluating = plan_of(graph, Mode::evaluate);
  const Plan predicting = plan_of(graph, Mode::predict);
  EXPECT_EQ(count(training, "dropout"), 2);  // forward and its gradient
  EXPECT_EQ(count(evaluating, "dropout"), 0);
  EXPECT_EQ(count(training, "adam_update"), 4);
  EXPECT_EQ(count(evaluating, "adam_update"), 0);
  EXPECT_EQ(count(evaluating, "softmax_crossentropy"), 1);
  EXPECT_EQ(count(predicting, "softmax_crossentropy"), 0);
  EXPECT_TRUE(predicting.targets.empty());
}

TEST(Plan, DropUnreadLeavesOutTheGradientOfTheFirstInput) {
  const Plan whole = plan_of(tutorial_graph(), Mode::training);
  const Plan improved = improve(whole);
  EXPECT_EQ(improved.ops.size() + 1, whole.ops.size());
  EXPECT_EQ(count(whole, "product"), 6);
  EXPECT_EQ(count(improved, "product"), 5);
  EXPECT_EQ(improved.passes, std::vector<std::string>{"drop_unread"});
  const std::string without[] = {"drop_unread"};
  EXPECT_EQ(improve(whole, without).ops.size(), whole.ops.size());
}

TEST(Plan, AnUnknownPassIsRefusedByName) {
  const std::string without[] = {"drop_unred"};
  try {
    improve(Plan{}, without);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("unknown pass \"drop_unred\""));
    EXPECT_THAT(error.what(), HasSubstr("drop_unread"));
  }
}

TEST(Plan, BarriersStandWhereMembersMeetAndNowhereElse) {
  const Plan plan = improve(plan_of(tutorial_graph(), Mode::training));
  std::vector<std::string> before;
  for (const Op& op : plan.ops) {
    if (op.barrier) before.push_back(std::string(name(op.what)) + " " + op.layer);
  }
  // Before each kernel's gradient: it reads every row of a gradient that members wrote by shares.
  EXPECT_EQ(before, (std::vector<std::string>{"product dense_1", "product dense"}));
  for (const Op& op : improve(plan_of(tutorial_graph(), Mode::predict)).ops) {
    EXPECT_FALSE(op.barrier) << name(op.what);
  }
}

TEST(Plan, SlotsOfTheArenaDoNotOverlap) {
  const Plan plan = improve(plan_of(tutorial_graph(), Mode::training));
  std::vector<std::pair<int64_t, int64_t>> places;
  for (const Slot& slot : plan.slots) {
    if (slot.offset < 0) continue;
    EXPECT_EQ(slot.offset % 64, 0);
    places.emplace_back(
        slot.offset, slot.shape.size(plan.capacity) * static_cast<int64_t>(itemsize(slot.dtype)));
  }
  std::sort(places.begin(), places.end());
  for (size_t i = 1; i < places.size(); ++i) {
    EXPECT_LE(places[i - 1].first + places[i - 1].second, places[i].first);
  }
  EXPECT_LE(places.back().first + places.back().second, plan.arena_bytes);
}

TEST(Plan, ExplainNamesOpsSlotsAndTotals) {
  const std::string text = explain(improve(plan_of(tutorial_graph(), Mode::training)));
  for (const char* part : {"Plan: training, up to 32 rows, float32, shards 1",
                           "Passes: drop_unread", "decode(divisor=255)",
                           "product(x_transposed=true)", "barrier", "dense_1/kernel", "Arena: "}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(Plan, DataOfAnotherShapeAreRefusedWithTheFix) {
  Graph graph;
  auto at = graph.add(Dense({.units = 2}), {graph.add_input({20})});
  graph.set_outputs(at);
  const Spec spec{.x = {{{5, 4}, {}}}, .y = {}, .size = 0};
  try {
    check_inputs(graph, spec);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "model input: expected samples of shape (20,), got (5, 4). Hint: reshape the "
                 "data, or begin the model with Flatten");
  }
}

}  // namespace
}  // namespace cornu::inline v0
