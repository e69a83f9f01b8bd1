#include "cornu/plan/executor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "cornu/models/sequential.h"
#include "cornu/plan/passes.h"

namespace cornu::inline v0 {
namespace executor_test {

// Samples computed by a formula, as bytes and labels.
Dataset formula_data(int64_t count) {
  Tensor x(Shape{count, 33}, DType::uint8);
  Tensor y(Shape{count}, DType::uint8);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<uint8_t>()[static_cast<size_t>(i)] = static_cast<uint8_t>(i * i % 251 * (i % 3));
  }
  for (int64_t i = 0; i < count; ++i) {
    y.span<uint8_t>()[static_cast<size_t>(i)] = static_cast<uint8_t>(i * 7 % 5);
  }
  return Dataset(std::move(x), std::move(y)).divide(255).to_categorical(5);
}

struct Trained {
  std::vector<Tensor> weights;
  int members;
};

// A network with dropout and several activations, trained with momentum or Adam.
Trained trained_with(const Optimizer& optimizer, kernels::Target target, int threads,
                     std::vector<std::string> without = {}) {
  // The first layer is wide enough for four members to own units, not all the same number.
  Sequential model({Dense({.units = 70, .activation = "sigmoid"}), Dropout({.rate = 0.3F}),
                    Dense({.units = 17, .activation = "relu"}),
                    Dense({.units = 9, .activation = "tanh"}),
                    Dense({.units = 5, .activation = "softmax"})});
  const auto team = std::make_shared<Team>(threads);
  model.compile(
      {.optimizer = optimizer,
       .loss = "categorical_crossentropy",
       .execution = {
           .target = target, .team = team, .minimum_work = 0, .without = std::move(without)}});
  model.fit(formula_data(101), {.batch_size = 16, .epochs = 3, .verbose = 0});
  Trained result{{}, std::max(team->last_members(), 1)};
  for (const auto& [name, weight] : model.weights()) result.weights.emplace_back(weight);
  return result;
}

void expect_same_bits(const std::vector<Tensor>& a, const std::vector<Tensor>& b,
                      const std::string& what) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::memcmp(a[i].data(), b[i].data(), a[i].nbytes()), 0) << what << ", weight " << i;
  }
}

TEST(Executor, EveryTargetAndNumberOfThreadsGivesTheSameBits) {
  for (const Optimizer& optimizer :
       {Optimizer("adam"), make_optimizer("sgd", {{"momentum", 0.9}, {"nesterov", true}})}) {
    const Trained first = trained_with(optimizer, kernels::Target::portable, 1);
    int runs = 0;
    for (kernels::Target target : kernels::supported_targets()) {
      for (int threads : {1, 2, 3, 4}) {
        const std::string what =
            std::string(kernels::name(target)) + ", " + std::to_string(threads) + " threads";
        const Trained other = trained_with(optimizer, target, threads);
        EXPECT_EQ(other.members, threads) << what;
        expect_same_bits(first.weights, other.weights, what);
        ++runs;
      }
    }
    EXPECT_EQ(runs, 4 * static_cast<int>(kernels::supported_targets().size()));
  }
}

TEST(Executor, PassesChangeNoBit) {
  const kernels::Target target = kernels::best_target();
  const Trained with = trained_with("adam", target, 2);
  for (const Pass& pass : cpu_passes()) {
    const Trained without = trained_with("adam", target, 2, {std::string(pass.name)});
    expect_same_bits(with.weights, without.weights, std::string(pass.name));
  }
}

TEST(Executor, SmallRunsStayOnOneThread) {
  Sequential model({Dense({.units = 4})});
  model.build({8});
  const Spec spec{.x = {{{8}, {}}}, .y = {}, .size = 0};
  const auto bind = [&](const Slot& slot) -> std::byte* {
    for (const NamedWeight& each : model.graph().weights()) {
      if (each.name == slot.name) return each.weight->value.data();
    }
    return nullptr;
  };
  const Plan plan =
      improve(make_plan(model.graph(), spec, {}, nullptr, {.mode = Mode::predict, .capacity = 64}));
  const auto team = std::make_shared<Team>(3);
  EXPECT_EQ(make_executor(plan, bind, {.team = team})->members(64), 1);
  EXPECT_EQ(make_executor(plan, bind, {.team = team, .minimum_work = 0})->members(64), 3);
}

}  // namespace executor_test
}  // namespace cornu::inline v0
