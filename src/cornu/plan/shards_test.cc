#include "cornu/plan/share.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/core/rng.h"
#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/input.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/sgd.h"
#include "cornu/plan/passes.h"
#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace shards_test {

TEST(Shards, EachRowBelongsToTheShardOfItsFormula) {
  for (const int shards : {1, 2, 3, 8, 1024}) {
    for (const int64_t rows : {1, 2, 5, 16, 127, 128}) {
      int64_t next = 0;
      for (int shard = 0; shard < shards; ++shard) {
        const Range of = rows_of_shard(rows, shards, shard);
        EXPECT_EQ(of.begin, next);
        for (int64_t row = of.begin; row < of.end; ++row) EXPECT_EQ(row * shards / rows, shard);
        next = of.end;
      }
      EXPECT_EQ(next, rows);
    }
  }
}

constexpr int64_t kRowsOfBatch = 40;

Tensor drawn(Shape shape, uint32_t seed) {
  Tensor made(shape, DType::float32);
  uint64_t word = seed;
  for (float& each : made.span<float>()) {
    word = mix(word, 1);
    each = uniform(static_cast<uint32_t>(word)) - 0.5F;
  }
  return made;
}

Dataset samples() {
  return {drawn({kRowsOfBatch, 6}, 1), drawn({kRowsOfBatch, 3}, 2)};
}

/// Kernel and bias after a step of gradient descent from zeros: their gradients, with another sign.
/// Rows outside `counted` weigh 0.
std::vector<float> step(int shards, const Range& counted) {
  Sequential model({Input({6}), Dense({.units = 3, .kernel_initializer = "zeros"})});
  model.compile({.optimizer = SGD({.learning_rate = 1}), .loss = "mse", .shards = shards});
  Tensor weights({kRowsOfBatch}, DType::float32);
  for (int64_t i = counted.begin; i < counted.end; ++i) {
    weights.span<float>()[static_cast<size_t>(i)] = 1;
  }
  model.fit(samples(),
            {.batch_size = kRowsOfBatch, .verbose = 0, .shuffle = false, .sample_weight = weights});
  std::vector<float> all;
  for (const auto& [name, values] : model.weights()) {
    const auto numbers = values.span<float>();
    all.insert(all.end(), numbers.begin(), numbers.end());
  }
  return all;
}

TEST(Shards, GradientsAreTheSumsOfThoseOfEachShardInOrder) {
  const std::vector<float> as_one = step(1, {0, kRowsOfBatch});
  for (const int shards : {2, 3, 8}) {
    std::vector<float> sum(as_one.size());
    for (int shard = 0; shard < shards; ++shard) {
      const std::vector<float> of_shard = step(1, rows_of_shard(kRowsOfBatch, shards, shard));
      for (size_t i = 0; i < sum.size(); ++i) sum[i] += of_shard[i];
    }
    const std::vector<float> in_shards = step(shards, {0, kRowsOfBatch});
    EXPECT_EQ(in_shards, sum);
    EXPECT_NE(in_shards, as_one);
    for (size_t i = 0; i < sum.size(); ++i) EXPECT_NEAR(in_shards[i], as_one[i], 1e-6);
  }
}

TEST(Shards, MomentsOfABatchAreMergedFromThoseOfItsShards) {
  // The moving statistics after one step hold a hundredth of those of the batch.
  const auto moments = [](int shards) {
    Sequential model({Input({6}), BatchNormalization(), Dense(3)});
    model.compile({.loss = "mse", .shards = shards});
    model.fit(samples(), {.batch_size = kRowsOfBatch, .verbose = 0});
    std::vector<float> all;
    for (const auto& [name, values] : model.weights()) {
      if (name.find("moving") == std::string::npos) continue;
      const auto numbers = values.span<float>();
      all.insert(all.end(), numbers.begin(), numbers.end());
    }
    return all;
  };
  const std::vector<float> as_one = moments(1);
  ASSERT_EQ(as_one.size(), 12U);
  for (const int shards : {2, 3, 64}) {
    const std::vector<float> merged = moments(shards);
    for (size_t i = 0; i < as_one.size(); ++i) EXPECT_NEAR(merged[i], as_one[i], 1e-7);
  }
}

TEST(Shards, AProductOverFewRowsAddsThemUpItself) {
  const auto plan = [](int64_t rows) {
    Graph graph;
    graph.set_outputs(graph.add(Dense(4), {graph.add_input({6})}));
    graph.build(0);
    const Spec spec{.x = {{{6}, {}}}, .y = {{{4}, {}}}, .size = rows};
    const Optimizer optimizer = "adam";
    return improve(make_plan(graph, spec, {OutputLoss(Loss("mse"))}, &optimizer,
                             {.mode = Mode::training, .capacity = rows, .shards = 4}));
  };
  const auto sums_itself = [](const Op& op) { return op.fused.sums_shards; };
  EXPECT_EQ(count_products(plan(kernels::kProductBlock), sums_itself), 1);
  EXPECT_EQ(count_products(plan(kernels::kProductBlock + 1), sums_itself), 0);
}

TEST(Shards, AreOneToAThousand) {
  Sequential model({Input({6}), Dense(3)});
  EXPECT_EQ(error_of([&] { model.compile({.loss = "mse", .shards = 0}); }),
            "compile: expected shards from 1 to 1024, got 0.");
  EXPECT_EQ(error_of([&] { model.compile({.loss = "mse", .shards = 1025}); }),
            "compile: expected shards from 1 to 1024, got 1025.");
}

}  // namespace shards_test
}  // namespace cornu::inline v0
