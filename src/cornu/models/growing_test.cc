// Adding and removing layers gives the same Sequential as a list of the layers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "cornu/core/error_of_test.h"
#include "cornu/layers/merge.h"
#include "cornu/models/clone_model.h"
#include "cornu/models/networks_test.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace growing_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> weights_of(const Model& model) {
  std::vector<std::string> names;
  for (const auto& [name, weight] : model.weights()) names.push_back(name);
  return names;
}

bool same_bits(TensorView a, TensorView b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.nbytes()) == 0;
}

void expect_same(const Model& a, const Model& b) {
  EXPECT_EQ(a.summary(), b.summary());
  const auto in_a = a.weights();
  const auto in_b = b.weights();
  ASSERT_EQ(in_a.size(), in_b.size());
  for (size_t i = 0; i < in_a.size(); ++i) {
    EXPECT_EQ(in_a[i].first, in_b[i].first);
    EXPECT_TRUE(same_bits(in_a[i].second, in_b[i].second)) << in_a[i].first;
  }
  EXPECT_TRUE(same_bits(a.predict(floats({3, 4})), b.predict(floats({3, 4}))));
}

Layer dense(int64_t units, std::string name = "") {
  return Dense({.units = units, .activation = "tanh", .name = std::move(name)});
}

TEST(Growing, AddedLayersEqualThoseOfAList) {
  const Sequential list({Input({4}), dense(5), dense(3, "own"), dense(2)});
  Sequential added;
  added.add(Input({4}));
  for (const Layer& each : {dense(5), dense(3, "own"), dense(2)}) added.add(each);
  expect_same(added, list);
  Sequential late({dense(5)});
  late.add(dense(3, "own"));
  late.build({4});
  late.add(dense(2));
  EXPECT_EQ(weights_of(late), weights_of(list));
  EXPECT_TRUE(same_bits(late.predict(floats({3, 4})), list.predict(floats({3, 4}))));
}

TEST(Growing, ANameThatIsGivenBackIsFree) {
  Sequential model({Input({4}), dense(4), dense(4), dense(4)});
  model.pop();
  model.pop();
  model.add(dense(2));
  EXPECT_THAT(names_of(model), ElementsAre("input_layer", "dense", "dense_1"));
  EXPECT_THAT(weights_of(model),
              ElementsAre("dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"));
  expect_same(model, Sequential({Input({4}), dense(4), dense(2)}));
  // A name that looks counted, but was given to a layer of another class.
  Sequential other({Input({4}), Activation("relu"), dense(4, "activation_1"), Activation("relu")});
  EXPECT_EQ(other.get_layer(-1).name(), "activation_2");
  other.pop();
  other.pop();
  other.add(Activation("relu"));
  EXPECT_EQ(other.get_layer(-1).name(), "activation_1");
  other.pop();
  other.add(dense(4, "activation_1"));
  EXPECT_EQ(other.get_layer("activation_1").type(), "Dense");
}

TEST(Growing, ALayerThatIsUsedTwiceStaysUntilItsLastUseGoes) {
  const Layer shared = dense(4);
  Sequential model({Input({4}), shared, shared});
  EXPECT_EQ(model.weights().size(), 2U);
  model.pop();
  EXPECT_THAT(names_of(model), ElementsAre("input_layer", "dense"));
  EXPECT_EQ(model.weights().size(), 2U);
  expect_same(model, Sequential({Input({4}), dense(4)}));
  model.pop();
  EXPECT_TRUE(model.weights().empty());
  EXPECT_THAT(error_of([&] {
                model.set_weight("dense/kernel", floats({4, 4}));
              }),
              HasSubstr("unknown weight \"dense/kernel\""));
}

TEST(Growing, ARefusedLayerChangesNothing) {
  Sequential model({Input({4}), dense(4, "a"), dense(3)});
  const std::string before = model.summary();
  EXPECT_THAT(error_of([&] { model.add(dense(3, "a")); }), HasSubstr("has that name"));
  EXPECT_THAT(error_of([&] { model.add(Add()); }), HasSubstr("two inputs or more, got 1"));
  EXPECT_THAT(error_of([&] { model.add(model.get_layer("a")); }), HasSubstr("is built already"));
  EXPECT_EQ(model.summary(), before);
  EXPECT_EQ(model.predict(floats({2, 4})).shape(), (Shape{2, 3}));
  model.add(dense(2));
  EXPECT_EQ(model.get_layer(-1).name(), "dense_1");
  EXPECT_EQ(model.weights().size(), 6U);
}

TEST(Growing, AnAddedLayerThatDoesNotTrainStaysFixed) {
  Sequential model({Input({4}), dense(4)});
  model.compile({.loss = "mse"});
  Layer fixed = dense(4);
  fixed.set_trainable(false);
  model.add(fixed);
  const Tensor kernel(model.weights()[2].second);
  const Tensor first(model.weights()[0].second);
  model.train_on_batch(floats({6, 4}), floats({6, 4}));
  EXPECT_TRUE(same_bits(model.weights()[2].second, kernel));
  EXPECT_FALSE(same_bits(model.weights()[0].second, first));
}

TEST(Growing, WeightsClonesAndOutputsFollow) {
  Sequential model({Input({4}), dense(4)});
  model.add(dense(3));
  model.set_weight("dense_1/bias", floats({3}));
  EXPECT_TRUE(same_bits(model.weights()[3].second, floats({3})));
  EXPECT_EQ(weights_of(clone_model(model)), weights_of(model));
  EXPECT_EQ(model.get_layer("dense_1").output().shape(), (Shape{kRows, 3}));
  EXPECT_EQ(model.outputs()[0], model.get_layer("dense_1").output());
  model.pop();
  EXPECT_EQ(model.outputs()[0], model.get_layer("dense").output());
}

// The calls are freed in a loop: recursion through all of them would overflow the stack.
TEST(Growing, ALongChainOfCallsCanBeFreed) {
  const Layer relu = Activation("relu");
  SymbolicTensor x = Input({4});
  for (int i = 0; i < 100'000; ++i) x = relu(x);
  EXPECT_EQ(x.shape(), (Shape{kRows, 4}));
}

}  // namespace growing_test
}  // namespace cornu::inline v0
