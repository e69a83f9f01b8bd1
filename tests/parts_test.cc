// Every part compared with real Keras: values and gradients of tests/goldens/parts.safetensors,
// which tests/goldens/make_parts.py wrote.

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "cornu/cornu.h"
#include "cornu/plan/passes.h"
#include "golden_files.h"
#include "parts/lowered.h"

namespace cornu::inline v0 {
namespace parts_test {

TEST(Parts, AccuracyMatchesKerasOnTies) {
  const formats::Safetensors keras = golden("parts");
  for (const std::string name : {"categorical_accuracy", "sparse_categorical_accuracy"}) {
    const TensorView y_true = golden_tensor(keras, "metric/" + name + "/y_true");
    const TensorView y_pred = golden_tensor(keras, "metric/" + name + "/y_pred");
    const Field target{y_true.shape().without_rows(), {.dtype = y_true.dtype()}};
    const auto counter = Accuracy()->counter();
    counter->update({y_true.rows(0, 5), &target, y_pred.rows(0, 5)});
    counter->update({y_true.rows(5, 7), &target, y_pred.rows(5, 7)});
    EXPECT_DOUBLE_EQ(counter->result(), golden_tensor(keras, "metric/" + name + "/result").at(0));
  }
}

/// Ten updates of one weight from given gradients.
void follow_optimizer(const formats::Safetensors& keras, const std::string& name,
                      const Optimizer& optimizer) {
  Tensor w = as_float(golden_tensor(keras, "optimizer/w_0"));
  Tensor dw(w.shape());
  Builder b;
  b.declare_weight("w", w.shape(), true);
  const SlotId weight = b.weight("w");
  const SlotId gradient = b.state("dw", w.shape());
  optimizer->lower(b, weight, gradient);
  Plan plan{.mode = Mode::training, .capacity = 1};
  plan.slots = b.slots();
  plan.ops = b.ops();
  std::map<std::string, Tensor> states;
  const auto executor = make_executor(plan, [&](const Slot& slot) -> std::byte* {
    if (slot.name == "w") return w.data();
    if (slot.name == "dw") return dw.data();
    Tensor& state = states.try_emplace(slot.name, slot.shape, slot.dtype).first->second;
    if (slot.dtype == DType::float64) state.span<double>()[0] = slot.initial;
    return state.data();
  });
  const auto workspace = executor->make_workspace();
  const TensorView g = golden_tensor(keras, "optimizer/g");
  for (int64_t step = 1; step <= 10; ++step) {
    for (int64_t i = 0; i < dw.size(); ++i) {
      dw.span<float>()[static_cast<size_t>(i)] = static_cast<float>(g.row(step - 1).at(i));
    }
    Batch batch;
    batch.rows = 1;
    executor->run(batch, {.learning_rate = optimizer->learning_rate().at(0)}, *workspace);
    const std::string path = "optimizer/" + name + "/step_" + std::to_string(step) + "/";
    expect_close(w, golden_tensor(keras, path + "w"), 2e-6, path + "w");
  }
}

TEST(Parts, OptimizersFollowKerasOverTenSteps) {
  const formats::Safetensors keras = golden("parts");
  follow_optimizer(keras, "sgd", SGD());
  follow_optimizer(keras, "sgd_momentum", SGD({.momentum = 0.9}));
  follow_optimizer(keras, "sgd_nesterov", SGD({.momentum = 0.9, .nesterov = true}));
  follow_optimizer(keras, "sgd_nesterov_exact",
                   SGD({.learning_rate = 0x1p-6, .momentum = 0.875, .nesterov = true}));
  follow_optimizer(keras, "adam", Adam());
  follow_optimizer(keras, "adam_epsilon", Adam({.learning_rate = 0.01, .epsilon = 1e-3}));
  follow_optimizer(
      keras, "adam_exact",
      Adam({.learning_rate = 0x1p-7, .beta_1 = 0.875, .beta_2 = 0.9921875, .epsilon = 0x1p-20}));
}

TEST(Parts, DenseMatchesKerasForwardAndBackward) {
  const formats::Safetensors keras = golden("parts");
  Tensor kernel = as_float(golden_tensor(keras, "dense/kernel"));
  Tensor bias = as_float(golden_tensor(keras, "dense/bias"));
  Builder b;
  b.declare_weight("dense/kernel", kernel.shape(), true);
  b.declare_weight("dense/bias", bias.shape(), true);
  Plan plan{.mode = Mode::training, .capacity = 2};
  plan.inputs = {b.input("x", {kRows, 4}, DType::float32)};
  plan.targets = {b.input("dy", {kRows, 3}, DType::float32)};
  {
    const auto scope = b.scope("dense");
    plan.outputs = Dense({.units = 3, .activation = "sigmoid"})
                       .description()
                       .lower(b, plan.inputs, Mode::training);
  }
  b.seed_gradient(plan.outputs[0], plan.targets[0]);
  b.derive_gradients();
  const SlotId dkernel = b.gradient(b.weight("dense/kernel"));
  const SlotId dbias = b.gradient(b.weight("dense/bias"));
  const SlotId dx = b.gradient(plan.inputs[0]);
  plan.slots = b.slots();
  plan.ops = b.ops();
  const auto executor = make_executor(
      plan,
      [&](const Slot& slot) { return slot.name == "dense/kernel" ? kernel.data() : bias.data(); },
      {.without = {"shard_columns", "share_memory"}});
  const auto workspace = executor->make_workspace();
  Batch batch;
  batch.x.push_back(as_float(golden_tensor(keras, "dense/x")));
  batch.y.push_back(as_float(golden_tensor(keras, "dense/dy")));
  batch.rows = 2;
  executor->run(batch, {}, *workspace);
  const auto value = [&](SlotId id) { return executor->value(id, *workspace, 2); };
  expect_close(value(plan.outputs[0]), golden_tensor(keras, "dense/y"), 2e-6, "y");
  expect_close(value(dx), golden_tensor(keras, "dense/dx"), 2e-6, "dx");
  expect_close(value(dkernel), golden_tensor(keras, "dense/dkernel"), 2e-6, "dkernel");
  expect_close(value(dbias), golden_tensor(keras, "dense/dbias"), 2e-6, "dbias");
}

TEST(Parts, GlorotUniformKeepsKerassLimit) {
  const formats::Safetensors keras = golden("parts");
  const TensorView fans = golden_tensor(keras, "initializer/glorot_uniform/fans");
  const TensorView limits = golden_tensor(keras, "initializer/glorot_uniform/limit");
  for (int64_t i = 0; i < limits.size(); ++i) {
    const Shape shape{static_cast<int64_t>(fans.at(2 * i)),
                      static_cast<int64_t>(fans.at(2 * i + 1))};
    const Tensor w = Initializer("glorot_uniform").make(shape, 5);
    double largest = 0;
    double squares = 0;
    for (int64_t j = 0; j < w.size(); ++j) {
      largest = std::max(largest, std::abs(w.at(j)));
      squares += w.at(j) * w.at(j);
    }
    EXPECT_LE(largest, limits.at(i) * (1 + 1e-7));
    EXPECT_GT(largest, 0.99 * limits.at(i));
    // The variance of a uniform draw is limit² / 3.
    const double expected = limits.at(i) * limits.at(i) / 3;
    EXPECT_NEAR(squares / static_cast<double>(w.size()), expected, 0.06 * expected);
  }
}

}  // namespace parts_test
}  // namespace cornu::inline v0
