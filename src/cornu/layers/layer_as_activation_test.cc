#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/datasets/dataset.h"
#include "cornu/layers/activation_layer.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/dropout.h"
#include "cornu/layers/elu.h"
#include "cornu/layers/leaky_relu.h"
#include "cornu/layers/prelu.h"
#include "cornu/layers/relu.h"
#include "cornu/layers/softmax.h"
#include "cornu/layers/table.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace layer_as_activation_test {

using ::testing::HasSubstr;

std::vector<Layer> activations() {
  return {LeakyReLU(0.2), ReLU({.max_value = 0.5, .negative_slope = 0.25, .threshold = 0.125}),
          ELU(0.75), Softmax(), Activation("tanh")};
}

Dataset numbers() {
  Tensor x(Shape{24, 3});
  Tensor y(Shape{24, 4});
  for (int64_t row = 0; row < 24; ++row) {
    for (int64_t i = 0; i < 3; ++i) x(row, i) = static_cast<float>((row * 7 + i * 5) % 11) / 5 - 1;
    for (int64_t i = 0; i < 4; ++i) y(row, i) = static_cast<float>((row + i) % 4) / 3;
  }
  return {std::move(x), std::move(y)};
}

Sequential trained(std::vector<Layer> layers) {
  Sequential model(std::move(layers), {.seed = 5});
  model.compile({.loss = "mse"});
  model.fit(numbers(), {.batch_size = 8, .epochs = 2, .verbose = 0});
  return model;
}

TEST(LayerAsActivation, IsTheLayerBehindTheOther) {
  for (const Layer& layer : activations()) {
    const Sequential one = trained({Dense(4, layer)});
    const Sequential two = trained({Dense(4), layer});
    const Tensor a = one.predict(numbers()), b = two.predict(numbers());
    EXPECT_EQ(std::memcmp(a.data(), b.data(), a.nbytes()), 0) << layer.type();
    const Sequential alone = trained({Dense(4), ActivationLayer(Activation(layer))});
    const Tensor c = alone.predict(numbers());
    EXPECT_EQ(std::memcmp(a.data(), c.data(), a.nbytes()), 0) << layer.type();
  }
}

TEST(LayerAsActivation, StandsInTheConfigurationByItsClassAndOptions) {
  const Layer dense =
      Dense({.units = 4, .activation = LeakyReLU({.negative_slope = 0.2, .name = "mine"})});
  const Value::Map config = dense.description().config();
  EXPECT_EQ(Value(config)["activation"],
            Value(Value::Map{{"class_name", "LeakyReLU"},
                             {"config", Value::Map{{"negative_slope", 0.2}}}}));
  for (const Layer& layer : activations()) {
    const Value::Map given = Layer(Dense(4, layer)).description().config();
    EXPECT_EQ(make_layer("Dense", given).description().config(), given) << layer.type();
  }
  const Layer named = Dense(4, ActivationLayer("tanh"));
  EXPECT_EQ(Value(named.description().config())["activation"], Value("tanh"));
}

TEST(LayerAsActivation, IsOneWithoutWeightsAndDraws) {
  EXPECT_EQ(error_of([] { Dense(4, PReLU()); }),
            "activation: a PReLU has weights, which an activation cannot have; expected a name, or "
            "a ReLU, LeakyReLU, ELU or Softmax, got PReLU. Hint: let a PReLU follow the layer");
  EXPECT_EQ(error_of([] { Dense(4, Dropout(0.5)); }),
            "activation: expected a name, or a ReLU, LeakyReLU, ELU or Softmax, got Dropout. Hint: "
            "let the layer follow the one whose activation it would be");
  const Value::Map bad = {{"class_name", "LeakyReLU"}, {"config", Value::Map{{"slope", 1}}}};
  EXPECT_THAT(error_of([&] {
                make_layer("Dense", {{"units", 4}, {"activation", bad}});
              }),
              HasSubstr("unknown option \"slope\""));
  EXPECT_THAT(error_of([] {
                Sequential model({Dense(4, Softmax(2))});
                model.build({3});
                model.compile({.loss = "mse"});
                model.evaluate(numbers());
              }),
              HasSubstr("expected an axis of a sample of (None, 4), got 2"));
}

}  // namespace layer_as_activation_test
}  // namespace cornu::inline v0
