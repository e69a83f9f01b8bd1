#include "cornu/plan/passes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace passes_test {

using ::testing::HasSubstr;

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
  const Plan improved = improve(whole, all_but({"drop_unread"}));
  EXPECT_EQ(improved.ops.size() + 1, whole.ops.size());
  EXPECT_EQ(count(whole, "product"), 6);
  EXPECT_EQ(count(improved, "product"), 5);
  EXPECT_EQ(improved.passes, std::vector<std::string>{"drop_unread"});
  EXPECT_EQ(improve(whole, all_but({})).ops.size(), whole.ops.size());
}

TEST(Plan, LeavingOutAnyPassGivesAnotherPlan) {
  for (const Pass& pass : cpu_passes()) {
    const bool needs_pooling = pass.name == "derive_pooled" || pass.name == "fuse_pool";
    const Plan whole = plan_of(needs_pooling ? pooled_graph() : tutorial_graph(40), Mode::training);
    const Plan improved = improve(whole);
    const std::string all = explain(improved, make_schedule(improved, 2));
    const std::string without[] = {std::string(pass.name)};
    const Plan plan = improve(whole, without);
    const Schedule schedule = make_schedule(plan, 2, without);
    EXPECT_NE(explain(plan, schedule), all) << pass.name;
    EXPECT_EQ(plan.passes.size() + schedule.passes.size() + 1, cpu_passes().size()) << pass.name;
  }
}

TEST(Plan, BytesAreReadInPlaceWhereARowOfTheBatchIsARowOfAProduct) {
  const auto by_rows = [](const Graph& graph, DType dtype, std::vector<std::string> without) {
    const Spec spec{.x = {{{5, 4}, {.dtype = dtype, .divisor = 255}}}, .y = {}, .size = 0};
    const Plan plan = improve(
        make_plan(graph, spec, {}, nullptr, {.mode = Mode::predict, .capacity = 8}), without);
    return plan.slot(plan.inputs[0]).by_rows;
  };
  EXPECT_TRUE(by_rows(tutorial_graph(), DType::uint8, {}));
  EXPECT_TRUE(by_rows(tutorial_graph(), DType::uint8, {"skip_zeros"}));
  EXPECT_FALSE(by_rows(tutorial_graph(), DType::uint8, {"read_in_place"}));
  EXPECT_FALSE(by_rows(tutorial_graph(), DType::uint8, {"fuse_decode"}));  // decoded as a whole
  EXPECT_FALSE(by_rows(tutorial_graph(), DType::float32, {}));
  Graph rows_of_pictures;
  rows_of_pictures.set_outputs(
      rows_of_pictures.add(Dense({.units = 2}), {rows_of_pictures.add_input({5, 4})}));
  rows_of_pictures.build(0);
  EXPECT_FALSE(by_rows(rows_of_pictures, DType::uint8, {}));
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

TEST(Plan, ExplainNamesOpsSlotsAndTotals) {
  const Plan plan = improve(plan_of(tutorial_graph(), Mode::training));
  const std::string text = explain(plan, make_schedule(plan, 1));
  for (const char* part :
       {"Plan: training, up to 32 rows, float32, shards 1", "Passes: drop_unread, fuse_decode",
        "one_hot(classes=3)", "product(x_transposed=true)", "adam_update", "dense_1/kernel",
        "Arena: "}) {
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

}  // namespace passes_test
}  // namespace cornu::inline v0
