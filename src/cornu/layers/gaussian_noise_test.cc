#include "cornu/layers/gaussian_noise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "cornu/plan/executor.h"
#include "cornu/plan/passes.h"

namespace cornu::inline v0 {
namespace gaussian_noise_test {

// y − x of the layer on samples first, first + 1, … of ones, and dx for dy = 2.
struct Drawn {
  std::vector<float> noise, dx;
};

Drawn drawn(double stddev, Mode mode, int64_t rows, int64_t cols, uint64_t first, uint64_t epoch,
            int threads) {
  Builder b;
  Plan plan{.mode = mode, .capacity = rows};
  plan.inputs = {b.input("x", {kRows, cols}, DType::float32)};
  {
    const auto scope = b.scope("noise");
    const Slots y = GaussianNoise({.stddev = stddev}).description().lower(b, plan.inputs, mode);
    plan.outputs = {b.emit_one(ops::Affine{}, {y[0]})};
  }
  plan.targets = {b.input("dy", {kRows, cols}, DType::float32)};
  b.seed_gradient(plan.outputs[0], plan.targets[0]);
  b.derive_gradients();
  const SlotId dx = b.gradient(plan.inputs[0]);
  plan.slots = b.slots();
  plan.ops = b.ops();
  const auto executor = make_executor(plan, [](const Slot&) { return nullptr; },
                                      {.team = std::make_shared<Team>(threads),
                                       .minimum_work = 0,
                                       .without = {"shard_columns", "share_memory"}});
  const auto workspace = executor->make_workspace();
  std::vector<uint64_t> ids(static_cast<size_t>(rows));
  std::iota(ids.begin(), ids.end(), first);
  Batch batch;
  batch.x.emplace_back(Shape{rows, cols});
  batch.y.emplace_back(Shape{rows, cols});
  std::ranges::fill(batch.x[0].span<float>(), 0.0F);
  std::ranges::fill(batch.y[0].span<float>(), 2.0F);
  batch.sample = ids;
  batch.rows = rows;
  executor->run(batch, {.seed = 4, .epoch = epoch}, *workspace);
  const auto values = [&](SlotId slot) {
    const auto span = executor->value(slot, *workspace, rows).span<float>();
    return std::vector<float>(span.begin(), span.end());
  };
  return {values(plan.outputs[0]), values(dx)};
}

TEST(GaussianNoise, IsNormalOfItsStddev) {
  constexpr int64_t kRows = 400;
  constexpr int64_t kCols = 501;
  const std::vector<float> noise = drawn(0.5, Mode::training, kRows, kCols, 0, 0, 1).noise;
  double mean = 0;
  double square = 0;
  double fourth = 0;
  double neighbors = 0;
  const auto count = static_cast<double>(noise.size());
  for (size_t i = 0; i < noise.size(); ++i) {
    const double z = static_cast<double>(noise[i]) / 0.5;
    mean += z / count;
    square += z * z / count;
    fourth += z * z * z * z / count;
    if (i > 0) neighbors += z * static_cast<double>(noise[i - 1]) / 0.5 / count;
  }
  const double error = 6 / std::sqrt(count);  // six standard errors
  EXPECT_NEAR(mean, 0, error);
  EXPECT_NEAR(square, 1, error * std::sqrt(2));
  EXPECT_NEAR(fourth, 3, error * std::sqrt(96));
  EXPECT_NEAR(neighbors, 0, error);
}

TEST(GaussianNoise, BelongsToTheSampleAndTheEpochAlone) {
  const std::vector<float> all = drawn(1, Mode::training, 6, 7, 10, 3, 1).noise;
  for (const int threads : {2, 3}) {
    EXPECT_EQ(drawn(1, Mode::training, 6, 7, 10, 3, threads).noise, all);
  }
  const std::vector<float> last = drawn(1, Mode::training, 1, 7, 15, 3, 1).noise;
  EXPECT_TRUE(std::equal(last.begin(), last.end(), all.begin() + 5 * 7));
  EXPECT_NE(drawn(1, Mode::training, 6, 7, 10, 4, 1).noise, all);
}

TEST(GaussianNoise, PassesGradientsThroughAndIsTheIdentityOutsideTraining) {
  for (const float each : drawn(1, Mode::training, 3, 4, 0, 0, 1).dx) EXPECT_EQ(each, 2);
  for (const Mode mode : {Mode::evaluate, Mode::predict}) {
    for (const float each : drawn(1, mode, 3, 4, 0, 0, 1).noise) EXPECT_EQ(each, 0);
  }
  for (const float each : drawn(0, Mode::training, 3, 4, 0, 0, 1).noise) EXPECT_EQ(each, 0);
  EXPECT_THROW(GaussianNoise({.stddev = -1}), Error);
}

}  // namespace gaussian_noise_test
}  // namespace cornu::inline v0
