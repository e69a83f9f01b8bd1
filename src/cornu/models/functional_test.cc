#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/core/error_of_test.h"
#include "cornu/layers/concatenate.h"
#include "cornu/layers/merge.h"
#include "cornu/models/networks_test.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace functional_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<float> values(TensorView t) {
  return {t.span<float>().begin(), t.span<float>().end()};
}

TEST(Functional, IsMadeByCallingLayersOnTensors) {
  const Input x({4});
  const auto a = Dense({.units = 3, .activation = "tanh"})(x);
  const auto b = Dense({.units = 3})(x);
  const auto y = Add()({a, b});
  EXPECT_EQ(y.shape(), (Shape{kRows, 3}));
  const Model model({x}, {y});
  EXPECT_EQ(model.name(), "functional");
  EXPECT_THAT(names_of(model), ElementsAre("input_layer", "dense", "dense_1", "add"));
  const Tensor in = floats({2, 4});
  // y = tanh(x·w + b) + (x·w' + b'), element by element.
  const auto found = model.predict(in);
  const auto product = [&](const char* kernel, int64_t row, int64_t unit) {
    double sum = 0;
    for (const auto& [name, weight] : model.weights()) {
      if (name != kernel) continue;
      for (int64_t k = 0; k < 4; ++k) sum += in.view().at(row * 4 + k) * weight.at(k * 3 + unit);
    }
    return sum;
  };
  for (int64_t i = 0; i < 2; ++i) {
    for (int64_t j = 0; j < 3; ++j) {
      const double expected =
          std::tanh(product("dense/kernel", i, j)) + product("dense_1/kernel", i, j);
      EXPECT_NEAR(found.view().at(i * 3 + j), expected, 1e-6);
    }
  }
}

TEST(Functional, SequentialIsItsSimplestCase) {
  const Input x({4});
  const Dense first({.units = 5, .activation = "relu"});
  const Dense last({.units = 2, .activation = "softmax"});
  const Model model({x}, {last(first(x))}, {.seed = 3});
  Sequential same(
      {Dense({.units = 5, .activation = "relu"}), Dense({.units = 2, .activation = "softmax"})},
      {.seed = 3});
  same.build({4});
  EXPECT_EQ(values(model.predict(floats({3, 4}))), values(same.predict(floats({3, 4}))));
}

TEST(Functional, ALayerCalledTwiceSharesItsWeights) {
  const Input x({4});
  const Dense shared({.units = 4});
  const Model model({x}, {shared(shared(x))});
  EXPECT_EQ(model.weights().size(), 2U);
  EXPECT_THAT(error_of([&] { shared.output(); }), HasSubstr("called once, got 2 calls"));
}

TEST(Functional, AModelIsALayer) {
  Sequential encoder({Input({4}), Dense({.units = 3, .activation = "tanh"})}, {.name = "encoder"});
  const Input a({4});
  const Input b({4});
  const auto y = Concatenate()({encoder(a), encoder(b)});
  Model model({a, b}, {Dense({.units = 1})(y)});
  EXPECT_THAT(names_of(model),
              ElementsAre("input_layer", "input_layer_1", "encoder", "concatenate", "dense"));
  std::vector<std::string> weights;
  for (const auto& [name, weight] : model.weights()) weights.push_back(name);
  EXPECT_THAT(weights, ElementsAre("encoder/dense/kernel", "encoder/dense/bias", "dense/kernel",
                                   "dense/bias"));
  // The memory is shared: weights set in the encoder are the model's.
  Tensor kernel = floats({4, 3});
  encoder.set_weight("dense/kernel", kernel);
  EXPECT_EQ(values(model.weights()[0].second), values(kernel));
}

TEST(Functional, ModelsWithoutANameAreNumberedAsLayers) {
  const auto tower = [](uint64_t seed, const std::string& name = {}) {
    return Sequential({Input({4}), Dense({.units = 3})}, {.name = name, .seed = seed});
  };
  const Sequential left = tower(1);
  const Sequential right = tower(2);
  const Input x({4});
  const Model two({x}, {Add()({left(x), right(x)})});
  EXPECT_THAT(names_of(two), ElementsAre("input_layer", "sequential", "sequential_1", "add"));
  EXPECT_EQ(two.weights()[2].first, "sequential_1/dense/kernel");
  EXPECT_EQ(left.name(), "sequential");
  EXPECT_EQ(right.name(), "sequential");
  EXPECT_NE(values(left.weights()[0].second), values(right.weights()[0].second));
  // A model of models is numbered like the others.
  const Model pair({x}, {Add()({two(x), two(x)})});
  EXPECT_THAT(names_of(pair), ElementsAre("input_layer", "functional", "add"));
  const Sequential named = tower(3, "sequential");
  const Sequential also_named = tower(4, "sequential");
  EXPECT_THAT(error_of([&] {
                Model({x}, {Add()({named(x), also_named(x)})});
              }),
              HasSubstr("another layer of this model has that name"));
}

TEST(Functional, LayersInsideCanBeFoundAndUsed) {
  Sequential model({Input({4}), Dense({.units = 5, .name = "first"}), Dense({.units = 2})});
  const Model features(model.inputs(), {model.get_layer("first").output()});
  EXPECT_EQ(features.predict(floats({2, 4})).shape(), (Shape{2, 5}));
  EXPECT_EQ(model.get_layer(-1).name(), "dense");
  EXPECT_THAT(error_of([&] { (void)model.get_layer("frist"); }),
              HasSubstr("unknown layer \"frist\"; expected one of first, "));
  EXPECT_THAT(error_of([&] { (void)model.get_layer(7); }), HasSubstr("index below 3, got 7"));
}

TEST(Functional, EveryInputHasToBeNamed) {
  const Input a({4});
  const Input b({4});
  const auto y = Add()({a, b});
  EXPECT_THAT(error_of([&] { Model({a}, {y}); }), HasSubstr("not among the inputs"));
  EXPECT_THAT(error_of([&] { Model({a, a}, {y}); }), HasSubstr("given twice"));
  EXPECT_THAT(error_of([&] { Model({}, {y}); }), HasSubstr("at least one input"));
}

TEST(Functional, ACallOnWrongInputsIsAnError) {
  const Input a({4});
  const Input b({5});
  EXPECT_THAT(error_of([&] {
                Add()({a, b});
              }),
              HasSubstr("Add: the inputs differ in shape; expected (None, 4), got (None, 5). "
                        "Hint: nothing is broadcast"));
  EXPECT_THAT(error_of([&] { Dense({.units = 2})({a, b}); }), HasSubstr("this number of inputs"));
  EXPECT_THAT(error_of([&] { Subtract()({a, a, a}); }), HasSubstr("two inputs, got 3"));
}

TEST(Functional, SequentialGivesItsLastLayerBack) {
  Sequential model({Input({4}), Dense({.units = 5}), Dense({.units = 2})});
  model.pop();
  EXPECT_EQ(model.predict(floats({2, 4})).shape(), (Shape{2, 5}));
  model.add(Dense({.units = 7}));
  EXPECT_EQ(model.predict(floats({2, 4})).shape(), (Shape{2, 7}));
}

}  // namespace functional_test
}  // namespace cornu::inline v0
