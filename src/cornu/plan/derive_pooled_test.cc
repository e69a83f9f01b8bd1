#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <iterator>

#include "cornu/layers/concatenate.h"
#include "cornu/models/sequential.h"
#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace derive_pooled_test {

template <class What>
std::vector<size_t> places_of(const Plan& plan) {
  std::vector<size_t> places;
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    if (std::holds_alternative<What>(plan.ops[i].what)) places.push_back(i);
  }
  return places;
}

Plan derived(const Graph& graph) {
  return improve(plan_of(graph, Mode::training), all_but({"drop_unread", "derive_pooled"}));
}

TEST(DerivePooled, TheDerivativeIsTakenFromThePooledNumbers) {
  const Plan before = improve(plan_of(pooled_graph(), Mode::training), all_but({"drop_unread"}));
  const Plan after = derived(pooled_graph());
  ASSERT_EQ(before.ops.size(), after.ops.size());
  const size_t spread = places_of<ops::MaxPoolBack>(before)[0];
  const size_t derive = places_of<ops::MaxPoolBack>(after)[0];
  ASSERT_TRUE(std::holds_alternative<ops::PointwiseBack>(after.ops[spread].what));
  ASSERT_TRUE(std::holds_alternative<ops::PointwiseBack>(before.ops[derive].what));
  const Op& relu = after.ops[spread];
  const Op& pool = after.ops[places_of<ops::MaxPool>(after)[0]];
  EXPECT_EQ(relu.in, (Slots{pool.out[0], before.ops[spread].in[0]}));
  EXPECT_EQ(after.slot(relu.out[0]).shape, after.slot(pool.out[0]).shape);
  EXPECT_EQ(after.slot(relu.out[0]).kind, SlotKind::gradient);
  EXPECT_EQ(after.ops[derive].in, (Slots{relu.out[0], pool.out[1]}));
  EXPECT_EQ(after.ops[derive].out, before.ops[derive].out);
  // Behind the pooling nothing reads what was pooled.
  for (size_t i = spread; i < after.ops.size(); ++i) {
    EXPECT_THAT(after.ops[i].in, testing::Not(testing::Contains(pool.in[0])));
  }
}

TEST(DerivePooled, LessMemoryIsNeeded) {
  const auto arena = [](std::vector<std::string> without) {
    Graph graph;
    auto at = graph.add(Flatten(), {graph.add_input({5, 4})});
    at = graph.add(Dense({.units = 480, .activation = "relu"}), at);
    at = graph.add(Reshape({30, 16, 1}), at);
    at = graph.add(Conv2D(16, 1, "relu"), at);
    at = graph.add(MaxPooling2D(2), at);
    at = graph.add(Flatten(), at);
    graph.set_outputs(graph.add(Dense({.units = 3}), at));
    graph.build(0);
    return make_schedule(improve(plan_of(graph, Mode::training), without), 1).arena_bytes;
  };
  EXPECT_LT(arena({}) * 10, arena({"derive_pooled"}) * 8);
}

TEST(DerivePooled, OtherFunctionsKeepTheirPlace) {
  for (const char* function : {"tanh", "sigmoid", "relu6", "elu", "leaky_relu"}) {
    const Graph graph = pooled_graph(function);
    const Plan plan = derived(graph);
    const size_t spread = places_of<ops::MaxPoolBack>(plan)[0];
    EXPECT_TRUE(std::holds_alternative<ops::PointwiseBack>(plan.ops[spread + 1].what)) << function;
    EXPECT_EQ(plan.ops[spread + 1].in[1], plan.ops[spread].out[0]) << function;
  }
}

// Two max poolings of one relu: its gradient is a sum.
TEST(DerivePooled, ASumOfGradientsIsDerivedAsAWhole) {
  Graph graph;
  auto at = graph.add(Flatten(), {graph.add_input({5, 4})});
  at = graph.add(Reshape({5, 4, 1}), at);
  at = graph.add(Conv2D(16, 1, "relu"), at);
  auto parts = graph.add(Flatten(), graph.add(MaxPooling2D(2), at));
  const auto more = graph.add(Flatten(), graph.add(MaxPooling2D(3), at));
  std::ranges::copy(more, std::back_inserter(parts));
  at = graph.add(Concatenate(), parts);
  graph.set_outputs(graph.add(Dense({.units = 3, .activation = "softmax"}), at));
  graph.build(0);
  const Plan plan = derived(graph);
  const auto derive = places_of<ops::PointwiseBack>(plan);
  ASSERT_EQ(derive.size(), 1);
  EXPECT_GT(derive[0], places_of<ops::MaxPoolBack>(plan)[1]);
}

std::vector<Tensor> trained(const MaxPooling2D& pooling, std::vector<std::string> without) {
  Sequential model({Conv2D(20, 3, "relu"), pooling, Flatten(), Dense(5, "softmax")});
  model.compile({.optimizer = "adam",
                 .loss = "sparse_categorical_crossentropy",
                 .execution = {.without = std::move(without)}});
  model.fit(image_bytes(40, 1), {.batch_size = 16, .epochs = 3, .verbose = 0});
  std::vector<Tensor> weights;
  for (const auto& [name, weight] : model.weights()) weights.emplace_back(weight);
  return weights;
}

TEST(DerivePooled, WeightsHaveTheSameBitsAlsoWhereWindowsOverlap) {
  for (const MaxPooling2D& pooling :
       {MaxPooling2D(2), MaxPooling2D(3, {1}), MaxPooling2D({3, 2}, {2, 1}, "same"),
        MaxPooling2D(2, {3}, "same")}) {
    const auto with = trained(pooling, {});
    const auto without = trained(pooling, {"derive_pooled"});
    ASSERT_EQ(with.size(), without.size());
    for (size_t i = 0; i < with.size(); ++i) {
      EXPECT_EQ(std::memcmp(with[i].data(), without[i].data(), with[i].nbytes()), 0) << i;
    }
  }
}

}  // namespace derive_pooled_test
}  // namespace cornu::inline v0
