// Compared with real Keras after each step: the tutorial's network with the same initial weights on
// the same samples, one epoch. tests/goldens/make_steps.py wrote the goldens and says how weights
// and sample order are made.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "cornu/cornu.h"
#include "cornu/plan/passes.h"
#include "golden_files.h"

namespace cornu::inline v0 {
namespace steps_test {

float initial_weight(uint64_t element, uint64_t tensor, double fan_in, double fan_out) {
  const auto h = static_cast<uint32_t>(element * 2654435761U + (tensor + 1) * 40503U);
  const double u = static_cast<double>(h) / 4294967296.0;
  return static_cast<float>((2 * u - 1) * std::sqrt(6 / (fan_in + fan_out)));
}

void set_initial_weights(Model& model) {
  uint64_t tensor = 0;
  for (const NamedWeight& each : model.graph().weights()) {
    Tensor& weight = each.weight->value;
    const auto values = weight.span<float>();
    for (size_t e = 0; e < values.size(); ++e) {
      values[e] = weight.shape().ndim() == 1
                      ? 0
                      : initial_weight(e, tensor, static_cast<double>(weight.shape()[0]),
                                       static_cast<double>(weight.shape()[1]));
    }
    ++tensor;
  }
}

double relative_l2(TensorView found, TensorView expected) {
  double difference = 0;
  double size = 0;
  for (int64_t i = 0; i < expected.size(); ++i) {
    difference += std::pow(found.at(i) - expected.at(i), 2);
    size += std::pow(expected.at(i), 2);
  }
  return std::sqrt(difference / size);
}

void follow_keras(const Dataset& stored, const std::string& golden_name) {
  const formats::Safetensors keras = golden(golden_name);
  const int64_t pixels = stored.spec().x[0].shape.size();
  const Dataset data = stored.reshape({pixels}).divide(255).to_categorical(10);
  Sequential model({Dense({.units = 64, .activation = "sigmoid"}),
                    Dense({.units = 10, .activation = "softmax"})});
  model.build({pixels});
  set_initial_weights(model);
  const Optimizer adam = "adam";
  const Loss loss = "categorical_crossentropy";
  std::map<std::string, Tensor> states;
  const auto bind = [&](const Slot& slot) -> std::byte* {
    if (slot.kind == SlotKind::weight) {
      for (const NamedWeight& each : model.graph().weights()) {
        if (each.name == slot.name) return each.weight->value.data();
      }
    }
    Tensor& state = states.try_emplace(slot.name, slot.shape, slot.dtype).first->second;
    if (slot.dtype == DType::float64) state.span<double>()[0] = slot.initial;
    return state.data();
  };
  constexpr int64_t kBatch = 128;
  const auto executor =
      make_executor(improve(make_plan(model.graph(), data.spec(), {loss}, &adam,
                                      {.mode = Mode::training, .capacity = kBatch})),
                    bind);
  const auto workspace = executor->make_workspace();
  Batch batch = make_batch(data.spec(), kBatch);

  const TensorView exact = golden_tensor(keras, "loss_float64");
  const TensorView keras_float32 = golden_tensor(keras, "loss_float32");
  const int64_t n = data.size();
  ASSERT_EQ(exact.size(), (n + kBatch - 1) / kBatch);
  double keras_worst = 0;
  double worst_ratio = 0;
  for (int64_t step = 0; step < exact.size(); ++step) {
    std::vector<uint64_t> ids;
    for (int64_t i = step * kBatch; i < std::min(n, (step + 1) * kBatch); ++i) {
      ids.push_back(static_cast<uint64_t>((i * 7919 + 13) % n));
    }
    fill(data, ids, batch);
    executor->run(batch, {.learning_rate = 0.001}, *workspace);
    const TensorView losses =
        executor->value(executor->plan().losses[0].per_row, *workspace, batch.rows);
    double mean = 0;
    for (int64_t i = 0; i < losses.size(); ++i) mean += losses.at(i);
    mean /= static_cast<double>(losses.size());
    const double expected = exact.at(step);
    keras_worst = std::max(keras_worst, std::abs(keras_float32.at(step) - expected) / expected);
    const double error = std::abs(mean - expected) / expected;
    const double bound = std::max(2e-6, 2 * keras_worst);
    worst_ratio = std::max(worst_ratio, error / bound);
    ASSERT_LE(error, bound) << "step " << step << ": loss " << mean << ", float64 " << expected;
  }
  ::testing::Test::RecordProperty("worst_loss_error_to_bound", std::to_string(worst_ratio));
  for (const NamedWeight& each : model.graph().weights()) {
    const double found =
        relative_l2(each.weight->value, golden_tensor(keras, "final/" + each.name));
    const double allowed = 2 * golden_tensor(keras, "relative_l2_keras_float32/" + each.name).at(0);
    EXPECT_LE(found, allowed) << each.name;
    std::printf("%s: relative L2 %.3g, twice Keras float32's %.3g\n", each.name.c_str(), found,
                allowed);
  }
}

TEST(Steps, DigitsFollowKerasOverAnEpoch) {
  follow_keras(datasets::digits().train, "steps_digits");
}

TEST(Steps, MnistFollowsKerasOver469Steps) {
  if (!datasets::find("mnist", {.download = false}).found()) {
    GTEST_SKIP() << "full MNIST not found";
  }
  follow_keras(datasets::mnist({.download = false}).train, "steps_mnist");
}

}  // namespace steps_test
}  // namespace cornu::inline v0
