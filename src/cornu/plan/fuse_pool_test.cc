#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "cornu/models/sequential.h"
#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace fuse_pool_test {

TEST(FusePool, PoolingJoinsTheConvolutionThatItAloneReads) {
  const Plan plan = plan_of(pooled_graph(), Mode::predict);
  const Plan fused = improve(plan, all_but({"fuse_activation", "fuse_pool"}));
  EXPECT_EQ(count(plan, "max_pool"), 1);
  EXPECT_EQ(count(fused, "max_pool"), 0);
  const auto convolution = std::ranges::find_if(
      fused.ops, [](const Op& op) { return std::holds_alternative<ops::Convolution>(op.what); });
  EXPECT_EQ(fused_text(*convolution), (std::vector<std::string>{"relu", "max_pool"}));
  EXPECT_EQ(fused.slot(convolution->out[0]).shape, Shape({kRows, 1, 2, 16}));
}

// The derivative of a tanh is taken from the numbers before pooling, that of a relu behind it.
TEST(FusePool, NumbersThatTheBackwardPassReadsAreKept) {
  EXPECT_EQ(count(improve(plan_of(pooled_graph("tanh"), Mode::training)), "max_pool"), 1);
  EXPECT_EQ(count(improve(plan_of(pooled_graph("relu"), Mode::training)), "max_pool"), 0);
  const std::string kept[] = {"derive_pooled"};
  EXPECT_EQ(count(improve(plan_of(pooled_graph("relu"), Mode::training), kept), "max_pool"), 1);
}

TEST(FusePool, NumbersThatAnotherLayerReadsAreKept) {
  Graph graph;
  auto at = graph.add(Reshape({5, 4, 1}), graph.add(Flatten(), {graph.add_input({5, 4})}));
  at = graph.add(Conv2D(3, 1, "relu"), at);
  auto outputs = graph.add(Flatten(), graph.add(MaxPooling2D(2), at));
  outputs.push_back(at[0]);
  graph.set_outputs(outputs);
  graph.build(0);
  const Spec spec{.x = {{{5, 4}, {.dtype = DType::uint8, .divisor = 255}}}, .y = {}, .size = 0};
  const Plan plan = make_plan(graph, spec, {}, nullptr, {.mode = Mode::predict, .capacity = 8});
  EXPECT_EQ(count(improve(plan), "max_pool"), 1);
}

TEST(FusePool, CostsStayTheSame) {
  const Plan plan = plan_of(pooled_graph(), Mode::predict);
  const std::string without[] = {"fuse_pool"};
  // All but the comparisons of the pooling, and relu's of numbers that are not stored.
  EXPECT_NEAR(improve(plan).flops(32) / improve(plan, without).flops(32), 1, 0.05);
}

// The weights after three epochs, and a prediction.
std::vector<Tensor> trained(const Conv2DOptions& convolution, const MaxPooling2D& pooling,
                            const std::vector<std::string>& without) {
  Sequential model({Conv2D(convolution), pooling, Conv2D(8, 1, "relu"), MaxPooling2D(2, {1}),
                    Flatten(), Dense(5, "softmax")});
  model.compile(
      {.optimizer = "adam",
       .loss = "sparse_categorical_crossentropy",
       .execution = {.team = std::make_shared<Team>(2), .minimum_work = 0, .without = without}});
  model.fit(image_bytes(40, 2), {.batch_size = 16, .epochs = 3, .verbose = 0});
  std::vector<Tensor> all;
  for (const auto& [name, weight] : model.weights()) all.emplace_back(weight);
  all.push_back(model.predict(image_bytes(7, 2)));
  return all;
}

TEST(FusePool, GivesTheSameBits) {
  const MaxPooling2D poolings[] = {MaxPooling2D(2), MaxPooling2D(3, {1}),
                                   MaxPooling2D({3, 2}, {2, 1}, "same"), MaxPooling2D({7, 8}, {1}),
                                   MaxPooling2D(2, {3})};
  const Conv2DOptions convolutions[] = {
      {.filters = 100, .kernel_size = {2}, .activation = "relu"},  // a few rows at once
      {.filters = 20, .kernel_size = {2}, .activation = "relu"},
      {.filters = 6, .kernel_size = {2}, .groups = 2, .activation = "relu"},
      {.filters = 17, .kernel_size = {3}, .padding = "same"}};
  for (const MaxPooling2D& pooling : poolings) {
    for (const Conv2DOptions& convolution : convolutions) {
      const auto with = trained(convolution, pooling, {});
      const auto without = trained(convolution, pooling, {"fuse_pool"});
      ASSERT_EQ(with.size(), without.size());
      for (size_t i = 0; i < with.size(); ++i) {
        EXPECT_EQ(std::memcmp(with[i].data(), without[i].data(), with[i].nbytes()), 0) << i;
      }
    }
  }
}

// A window of more than 256 elements keeps its places as int32.
TEST(FusePool, PlacesOfLargeWindowsAreKeptToo) {
  const auto run = [](const std::vector<std::string>& without) {
    Sequential model({Conv2D(3, 1, "relu"), MaxPooling2D(17), Flatten(), Dense(2, "softmax")});
    model.compile({.loss = "sparse_categorical_crossentropy", .execution = {.without = without}});
    Tensor x(Shape{4, 20, 18, 1}, DType::uint8);
    for (int64_t i = 0; i < x.size(); ++i) {
      x.span<uint8_t>()[static_cast<size_t>(i)] = static_cast<uint8_t>(i * i % 253);
    }
    const Dataset data(std::move(x), Tensor::of<uint8_t>({4}, {0, 1, 0, 1}));
    model.fit(data.divide(255), {.batch_size = 2, .epochs = 2, .verbose = 0});
    return Tensor(model.weights()[0].second);
  };
  const Tensor with = run({});
  const Tensor without = run({"fuse_pool"});
  EXPECT_EQ(std::memcmp(with.data(), without.data(), with.nbytes()), 0);
}

}  // namespace fuse_pool_test
}  // namespace cornu::inline v0
