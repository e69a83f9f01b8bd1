// The gradients of convolutions that leave out the zeros of dy have the bits of those that do not.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "cornu/core/error.h"
#include "cornu/core/rng.h"
#include "cornu/core/sanitized_test.h"
#include "cornu/layers/convolution.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/flatten.h"
#include "cornu/layers/input.h"
#include "cornu/layers/merge.h"
#include "cornu/models/model.h"
#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace run_sparse_test {

struct Run {
  kernels::Target target = kernels::best_target();
  int threads = 1;
  std::vector<std::string> without = {};
};

constexpr int64_t kSamples = 12;

// Numbers in −1 … 1, of sample i the share `shares[i mod n]`, the others 0.
Tensor numbers(const Shape& sample, std::vector<float> shares, uint64_t key) {
  std::vector<int64_t> extents{kSamples};
  for (const int64_t extent : sample.extents()) extents.push_back(extent);
  Tensor made(Shape(extents), DType::float32);
  const int64_t size = made.size() / kSamples;
  for (int64_t i = 0; i < made.size(); ++i) {
    const auto words = Philox::words(key, 0, static_cast<uint64_t>(i));
    const float share = shares[static_cast<size_t>(i / size) % shares.size()];
    made.span<float>()[static_cast<size_t>(i)] =
        uniform(words[0]) < share ? 2 * uniform(words[1]) - 1 : 0;
  }
  return made;
}

// The weights after two epochs of a convolution whose dy has zeros where a mask has them. A
// convolution before it needs the gradient of its input.
std::vector<Tensor> trained(const Conv2DOptions& options, const Shape& image,
                            const std::vector<float>& shares, const Run& run) {
  const auto x = Input(image);
  const auto y = Conv2D(options)(Conv2D({.filters = image[2], .kernel_size = {1}})(x));
  const Shape seen = y.shape().without_rows();
  const auto mask = Input(seen);
  Model model({x, mask}, Dense(2)(Flatten()(Multiply()({y, mask}))));
  model.compile({.optimizer = "adam",
                 .loss = "mse",
                 .execution = {.target = run.target,
                               .team = std::make_shared<Team>(run.threads),
                               .minimum_work = 0,
                               .without = run.without}});
  model.fit({numbers(image, {1}, 1), numbers(seen, shares, 2)}, numbers({2}, {1}, 3),
            {.batch_size = kSamples, .epochs = 2, .verbose = 0});
  std::vector<Tensor> weights;
  for (const auto& [name, weight] : model.weights()) weights.emplace_back(weight);
  return weights;
}

void expect_same_bits(const std::vector<Tensor>& a, const std::vector<Tensor>& b,
                      const std::string& what) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::memcmp(a[i].data(), b[i].data(), a[i].nbytes()), 0) << what << ", weight " << i;
  }
}

struct Case {
  const char* name;
  Conv2DOptions options;
  Shape image;
};

std::vector<Case> cases() {
  return {
      {"plain", {.filters = 40, .kernel_size = {3}}, {9, 8, 16}},
      {"same", {.filters = 24, .kernel_size = {3}, .padding = "same"}, {6, 7, 20}},
      {"strides", {.filters = 20, .kernel_size = {3}, .strides = {2}}, {9, 8, 18}},
      {"strides, same",
       {.filters = 20, .kernel_size = {2, 3}, .strides = {3, 2}, .padding = "same"},
       {8, 9, 33}},
      {"dilation", {.filters = 20, .kernel_size = {3}, .dilation_rate = {2}}, {9, 8, 17}},
      {"groups", {.filters = 40, .kernel_size = {3}, .padding = "same", .groups = 2}, {6, 7, 32}},
      {"1 × 1", {.filters = 70, .kernel_size = {1}}, {5, 4, 130}},
      {"spans of lines", {.filters = 16, .kernel_size = {3, 5}}, {6, 9, 4}},
      {"more than a block", {.filters = 16, .kernel_size = {4, 3}}, {6, 9, 40}},
  };
}

TEST(RunSparse, GradientsHaveTheBitsOfProducts) {
  for (const Case& c : cases()) {
    for (const float share : {0.0F, 0.05F, 0.2F, 1.0F}) {
      const auto whole = trained(c.options, c.image, {share}, {.without = {"skip_zeros"}});
      const std::string what = c.name + std::string(", ") + std::to_string(share);
      expect_same_bits(trained(c.options, c.image, {share}, {}), whole, what);
    }
  }
}

TEST(RunSparse, TargetsAndThreadsGiveTheSameBits) {
  for (const Case& c : cases()) {
    const auto whole = trained(c.options, c.image, {0.1F}, {.without = {"skip_zeros"}});
    for (const kernels::Target target : kernels::supported_targets()) {
      for (const int threads : {1, 2, 3}) {
        expect_same_bits(trained(c.options, c.image, {0.1F}, {target, threads, {}}), whole,
                         c.name + std::string(", ") + std::string(kernels::name(target)));
      }
    }
  }
}

// Images are large enough that a few of them fill a group: some groups leave out zeros, some do
// not.
TEST(RunSparse, GroupsOfImagesMayDiffer) {
  const Conv2DOptions options = {.filters = 64, .kernel_size = {3}};
  const Shape image = {30, 28, 16};
  for (const std::vector<float>& shares :
       {std::vector<float>{0, 1}, {1, 0.02F, 1}, {0.02F, 1, 0.02F, 0.1F}, {1, 1, 0.01F}}) {
    const auto whole = trained(options, image, shares, {.without = {"skip_zeros"}});
    // Under a sanitizer the two threads show more.
    if (!kSanitized) expect_same_bits(trained(options, image, shares, {}), whole, "one thread");
    expect_same_bits(trained(options, image, shares, {.threads = 2}), whole, "two threads");
  }
}

// Every sum is below 0 and −∞ where x is ∞, so relu gives 0 and dy is 0 everywhere: 0 · ∞ in the
// gradient of the kernel must still be found.
TEST(RunSparse, ANumberThatIsNotFiniteIsNotLeftOut) {
  const auto error = [](const std::vector<std::string>& without, float number) -> std::string {
    const Shape image = {6, 5, 16};
    const auto x = Input(image);
    Model model(
        x, Dense(2)(Flatten()(Conv2D(
               {.filters = 8, .kernel_size = {3}, .activation = "relu", .name = "hidden"})(x))));
    Tensor kernel({3, 3, 16, 8});
    std::ranges::fill(kernel.span<float>(), -0.125F);
    model.set_weight("hidden/kernel", kernel);
    model.compile({.optimizer = "sgd", .loss = "mse", .execution = {.without = without}});
    Tensor images = numbers(image, {1}, 1);
    for (float& each : images.span<float>()) each = std::abs(each);
    images.span<float>()[100] = number;
    try {
      model.fit({images}, {numbers({2}, {1}, 3)}, {.batch_size = kSamples, .verbose = 0});
    } catch (const Error& failure) {
      return failure.what();
    }
    return "";
  };
  EXPECT_EQ(error({}, 1), "");
  const std::string expected = error({"skip_zeros"}, std::numeric_limits<float>::infinity());
  EXPECT_NE(expected, "");
  EXPECT_EQ(error({}, std::numeric_limits<float>::infinity()), expected);
}

// Two convolutions, the second of 32 filters of 2 × `across` pixels.
Plan plan_of_two(int64_t channels, int64_t across) {
  Graph graph;
  auto at = graph.add(Conv2D(channels, 1), {graph.add_input({8, 8, 1})});
  at = graph.add(Conv2D({.filters = 32, .kernel_size = {2, across}}), at);
  graph.set_outputs(graph.add(Flatten(), at));
  graph.build(0);
  const Shape y = graph.shape(graph.outputs()[0]).without_rows();
  const Spec spec{.x = {{{8, 8, 1}, {}}}, .y = {{y, {}}}, .size = 0};
  const Optimizer sgd = "sgd";
  return improve(
      make_plan(graph, spec, {Loss("mse")}, &sgd, {.mode = Mode::training, .capacity = 8}));
}

TEST(RunSparse, ShortSpansAreMultipliedWhole) {
  const auto listed = [](const Plan& plan) {
    return std::ranges::count_if(plan.ops, [](const Op& op) { return op.fused.skips_zeros; });
  };
  EXPECT_EQ(listed(plan_of_two(5, 3)), 0);
  EXPECT_EQ(listed(plan_of_two(4, 4)), 2);
}

TEST(RunSparse, MembersShareTheFiltersOfAKernel) {
  const auto split = [](const Plan& plan) {
    const Schedule schedule = make_schedule(plan, 2);
    const auto kernel = std::ranges::find_if(schedule.ops, [&](const Op& op) {
      return std::holds_alternative<ops::ConvolutionKernel>(op.what) &&
             plan.slot(op.out[0]).shape[1] == 32;
    });
    return kernel->split;
  };
  EXPECT_EQ(split(plan_of_two(16, 4)), Split::last_axis);
  const Plan whole = [&] {
    Plan plan = plan_of_two(16, 4);
    for (Op& op : plan.ops) op.fused.skips_zeros = false;
    return plan;
  }();
  EXPECT_EQ(split(whole), Split::first_axis);
}

}  // namespace run_sparse_test
}  // namespace cornu::inline v0
