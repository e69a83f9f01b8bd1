#include <gmock/gmock.h>

#include "cornu/cornu.h"

namespace cornu::inline v0 {
namespace summary_test {

using ::testing::HasSubstr;

Model two_inputs() {
  const Input a(InputOptions{.shape = {4}, .name = "a"});
  const Input b(InputOptions{.shape = {4}, .name = "b"});
  const Dense shared({.units = 3, .name = "shared"});
  const auto joined = Concatenate({.name = "joined"})({shared(a), shared(b)});
  return Model({a, b}, {Dense({.units = 2, .name = "y", .trainable = false})(joined)});
}

TEST(Summary, OfANetworkSaysWhatLayersAreConnectedTo) {
  const std::string thin(98, '_');
  const std::string thick(98, '=');
  EXPECT_EQ(
      two_inputs().summary(),
      "Model: \"functional\"\n" + thin +
          "\n"
          "Layer (type)                     Output Shape          Param #    Connected to      "
          "              \n" +
          thick +
          "\n"
          "a (InputLayer)                   (None, 4)             0                            "
          "              \n" +
          thin +
          "\n"
          "b (InputLayer)                   (None, 4)             0                            "
          "              \n" +
          thin +
          "\n"
          "shared (Dense)                   (None, 3)             15         a[0][0]           "
          "              \n"
          "                                                                  b[0][0]           "
          "              \n" +
          thin +
          "\n"
          "joined (Concatenate)             (None, 6)             0          shared[0][0]      "
          "              \n"
          "                                                                  shared[1][0]      "
          "              \n" +
          thin +
          "\n"
          "y (Dense)                        (None, 2)             14         joined[0][0]      "
          "              \n" +
          thick +
          "\n"
          "Total params: 29\nTrainable params: 15\nNon-trainable params: 14\n" +
          thin + "\n");
}

TEST(Summary, CutsNoName) {
  const std::string name(40, 'n');
  Sequential model({Input({2, 3, 4, 5, 6}), Flatten({.name = name})});
  EXPECT_THAT(model.summary(), HasSubstr(name + " (Flatten) (None, 720)"));
}

// 2·784·64 + 2·64·10 FLOPs for one sample.
TEST(Summary, CostsAreThoseOfThePlan) {
  Sequential model({Input({784}), Dense({.units = 64}), Dense({.units = 10})});
  EXPECT_THAT(model.summary({.costs = true}), HasSubstr("Optimizer state: none before compile()"));
  model.compile({.optimizer = "adam", .loss = "mse"});
  const std::string text = model.summary({.costs = true});
  const double first = 2.0 * 784 * 64;
  const double second = 2.0 * 64 * 10;
  EXPECT_THAT(text, HasSubstr("dense (Dense)                (None, 64)                50240     "
                              "100,352       256 B         401,920 B     \n"));
  EXPECT_THAT(text, HasSubstr("FLOPs to predict a sample: 101,632\n"));
  EXPECT_EQ(first + second, 101632);
  EXPECT_THAT(text, HasSubstr("Activations to train on a sample: 296 B\n"));
  // Two moments of float32 for each of 50,890 weights.
  EXPECT_THAT(text, HasSubstr("Optimizer state: 407,120 B\n"));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_THAT(model.summary({.costs = true}), HasSubstr("Optimizer state: 0 B\n"));
}

TEST(Summary, CostsOfASharedLayerAreThoseOfAllItsUses) {
  Model model = two_inputs();
  model.compile({.optimizer = "adam", .loss = "mse"});
  const std::string text = model.summary({.costs = true});
  EXPECT_THAT(text, HasSubstr("15        48            24 B          120 B"));
  EXPECT_THAT(text, HasSubstr("14        24            8 B           0 B"));  // does not train
}

TEST(CloneModel, HasItsOwnWeightsUnderTheSameNames) {
  Model model = two_inputs();
  Model same = clone_model(model);
  Model other = clone_model(model, 5);
  EXPECT_EQ(same.summary(), model.summary());
  ASSERT_EQ(same.weights().size(), model.weights().size());
  for (size_t i = 0; i < model.weights().size(); ++i) {
    const auto [name, value] = model.weights()[i];
    EXPECT_EQ(same.weights()[i].first, name);
    EXPECT_NE(same.weights()[i].second.data(), value.data());
    const bool drawn = name.ends_with("kernel");
    EXPECT_EQ(same.weights()[i].second.at(0), value.at(0)) << "the same seed draws the same";
    EXPECT_EQ(other.weights()[i].second.at(0) != value.at(0), drawn) << name;
  }
  EXPECT_FALSE(same.compiled());
  EXPECT_EQ(other.seed(), 5U);
  EXPECT_FALSE(same.get_layer("y").trainable());
  const Tensor a(Shape{2, 4});
  EXPECT_EQ(same.predict_all({a, a})[0].at(0), model.predict_all({a, a})[0].at(0));
}

TEST(CloneModel, KeepsASequentialOneAndModelsWithin) {
  Sequential inner({Input({3}), Dense({.units = 2})}, {.name = "inner"});
  Sequential model({Dense({.units = 3}), inner.as_layer()});
  EXPECT_THAT([&] { clone_model(model); }, ::testing::Throws<Error>());
  model.build({4});
  const Model copy = clone_model(model);
  EXPECT_EQ(copy.type(), "Sequential");
  EXPECT_EQ(copy.summary(), model.summary());
  EXPECT_NE(copy.weights()[2].second.data(), model.weights()[2].second.data());
  EXPECT_EQ(copy.weights()[2].first, "inner/dense/kernel");
}

}  // namespace summary_test
}  // namespace cornu::inline v0
