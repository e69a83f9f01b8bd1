#include <gtest/gtest.h>

#include <cstring>

#include "cornu/core/rng.h"
#include "cornu/plan/executor.h"
#include "cornu/plan/plans_test.h"
#include "cornu/plan/share.h"

namespace cornu::inline v0 {
namespace skip_zeros_test {

TEST(SkipZeros, ListsTheBatchOnceForBothProductsThatReadIt) {
  const Plan plan = improve(plan_of(tutorial_graph(), Mode::training));
  EXPECT_EQ(count(plan, "nonzero"), 1);
  EXPECT_EQ(count(plan, "transpose_nonzero"), 1);
  EXPECT_EQ(count_products(plan,
                           [](const Op& op) {
                             return op.fused_input(Fused::kNonzero) != kNone && op.fused.decode;
                           }),
            2);
  EXPECT_EQ(count(improve(plan_of(tutorial_graph(), Mode::predict)), "nonzero"), 1);
  EXPECT_EQ(count(improve(plan_of(tutorial_graph(), Mode::predict)), "transpose_nonzero"), 0);
}

TEST(SkipZeros, KnowsTheByteThatStandsForZero) {
  Graph graph;
  graph.set_outputs(graph.add(Dense({.units = 2}), {graph.add_input({20})}));
  graph.build(0);
  const auto lists = [&](double offset, DType dtype) {
    const Spec spec{
        .x = {{{20}, {.dtype = dtype, .divisor = 2, .offset = offset}}}, .y = {}, .size = 0};
    const Plan plan =
        improve(make_plan(graph, spec, {}, nullptr, {.mode = Mode::predict, .capacity = 4}));
    for (const Op& op : plan.ops) {
      if (const auto* list = std::get_if<ops::Nonzero>(&op.what)) return int{list->zero};
    }
    return -1;
  };
  EXPECT_EQ(lists(0, DType::uint8), 0);
  EXPECT_EQ(lists(128, DType::uint8), 128);
  EXPECT_EQ(lists(127.5, DType::uint8), -1);  // no byte decodes to 0
  EXPECT_EQ(lists(256, DType::uint8), -1);
  EXPECT_EQ(lists(0, DType::float32), 0);
}

// A step on bytes, a part `density` of them not zero: whether each list was used, and the weights.
struct Ran {
  std::vector<int64_t> listed;
  std::vector<float> weights;
};

Ran run_on(double density, std::vector<std::string> without, int threads, int64_t rows) {
  const Graph graph = tutorial_graph(64);
  const Plan plan = improve(plan_of(graph, Mode::training, "adam", rows + 1), without);
  std::map<std::string, Tensor> memory;
  const auto bind = [&](const Slot& slot) {
    const auto [found, made] = memory.try_emplace(slot.name, slot.shape, slot.dtype);
    for (const NamedWeight& each : graph.weights()) {
      if (made && each.name == slot.name) found->second = each.weight->value;
    }
    if (made && slot.dtype == DType::float64) found->second.span<double>()[0] = slot.initial;
    return found->second.data();
  };
  const auto executor = make_executor(
      plan, bind, {.team = std::make_shared<Team>(threads), .minimum_work = 0, .without = without});
  Batch batch;
  batch.x.emplace_back(Shape{rows + 1, 5, 4}, DType::uint8);
  batch.y.emplace_back(Shape{rows + 1}, DType::uint8);
  const std::vector<uint64_t> ids(static_cast<size_t>(rows + 1));
  batch.sample = ids;
  batch.rows = rows;
  for (int64_t i = 0; i < (rows + 1) * 20; ++i) {
    const auto words = Philox::words(5, static_cast<uint64_t>(i), 0);
    const bool lit = static_cast<double>(uniform(words[0])) < density;
    batch.x[0].span<uint8_t>()[static_cast<size_t>(i)] =
        lit ? static_cast<uint8_t>(1 + words[1] % 255) : uint8_t{0};
  }
  const auto workspace = executor->make_workspace();
  executor->run(batch, {.learning_rate = 0.01}, *workspace);
  Ran ran;
  for (const Op& op : plan.ops) {
    if (name(op.what) != "nonzero") continue;
    const auto each = executor->value(op.out[1], *workspace, rows).span<int64_t>();
    for (int member = 0; member < threads; ++member) {
      const Range own = share_of(rows, plan.row_grain, member, threads);
      if (own.size() > 0) ran.listed.push_back(each[static_cast<size_t>(own.begin)]);
    }
  }
  for (const NamedWeight& each : graph.weights()) {
    const auto values = std::as_const(memory.at(each.name)).span<float>();
    ran.weights.insert(ran.weights.end(), values.begin(), values.end());
  }
  return ran;
}

// One member has all 31 rows, as they are listed in words of 64.
TEST(SkipZeros, IsUsedWhereTheBatchIsSparseAndChangesNoBitAnywhere) {
  using Listed = std::vector<int64_t>;
  for (int threads : {1, 2, 3}) {
    for (double density : {0.0, 0.05, 0.2, 0.5, 1.0}) {
      const Ran skipping = run_on(density, {"share_memory"}, threads, 31);
      const Ran reading = run_on(density, {"share_memory", "skip_zeros"}, threads, 31);
      EXPECT_EQ(reading.listed, Listed{});
      if (density <= 0.2) {
        EXPECT_EQ(skipping.listed, Listed{1}) << density;
      }
      if (density == 1) {
        EXPECT_EQ(skipping.listed, Listed{0});
      }
      ASSERT_EQ(skipping.weights.size(), reading.weights.size());
      EXPECT_EQ(std::memcmp(skipping.weights.data(), reading.weights.data(),
                            skipping.weights.size() * sizeof(float)),
                0)
          << density << ", " << threads << " threads";
    }
  }
}

TEST(SkipZeros, MembersListTheirOwnWordsOfALongBatch) {
  // Five words of samples, so that each member has some, and more than one block of a product.
  const Ran reading = run_on(0.2, {"skip_zeros"}, 1, 299);
  for (int threads : {1, 2, 3, 4}) {
    const Ran skipping = run_on(0.2, {"share_memory"}, threads, 299);
    EXPECT_EQ(skipping.listed, std::vector<int64_t>(static_cast<size_t>(threads), 1));
    ASSERT_EQ(skipping.weights.size(), reading.weights.size());
    EXPECT_EQ(std::memcmp(skipping.weights.data(), reading.weights.data(),
                          skipping.weights.size() * sizeof(float)),
              0)
        << threads << " threads";
  }
}

}  // namespace skip_zeros_test
}  // namespace cornu::inline v0
