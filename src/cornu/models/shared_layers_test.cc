// Layers that networks within a network share stay shared in a file and in a copy.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "cornu/core/file.h"
#include "cornu/layers/merge.h"
#include "cornu/models/clone_model.h"
#include "cornu/models/keras_json.h"
#include "cornu/models/load_model.h"
#include "cornu/models/networks_test.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace shared_layers_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> weights_of(const Model& model) {
  std::vector<std::string> names;
  for (const auto& [name, weight] : model.weights()) names.push_back(name);
  return names;
}

class SharedLayers : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  // The loaded model shares layers as the saved one: it computes and trains to the same bits.
  void expect_to_come_back(Model& model) {
    model.compile({.optimizer = "sgd", .loss = "mse"});
    model.save(path_);
    Model loaded = load_model(path_);
    const Model copy = clone_model(model);
    EXPECT_EQ(loaded.summary(), model.summary());
    EXPECT_EQ(copy.summary(), model.summary());
    EXPECT_EQ(weights_of(loaded), weights_of(model));
    EXPECT_EQ(weights_of(copy), weights_of(model));
    EXPECT_EQ(weights_sha256(loaded.weights()), weights_sha256(model.weights()));
    const Tensor x = floats({6, 4});
    const Tensor y = model.predict(x);
    model.train_on_batch(x, y);
    model.train_on_batch(x, floats(y.shape()));
    loaded.train_on_batch(x, y);
    loaded.train_on_batch(x, floats(y.shape()));
    EXPECT_EQ(weights_sha256(loaded.weights()), weights_sha256(model.weights()));
    const std::vector<std::byte> bytes = read_file(path_);
    load_model(path_).save(path_);
    EXPECT_EQ(read_file(path_), bytes);
  }

  const std::string path_ = ::testing::TempDir() + "shared_layers_" +
                            ::testing::UnitTest::GetInstance()->current_test_info()->name() +
                            ".safetensors";
};

Layer square(const std::string& name = "shared") {
  return Dense({.units = 4, .activation = "tanh", .name = name});
}

Model around(const Layer& layer, const std::string& name) {
  const Input x({4});
  return Model({x}, {layer(x)}, {.name = name});
}

TEST_F(SharedLayers, InAnInnerModelAndOutsideIt) {
  const Layer shared = square();
  const Model inner = around(shared, "inner");
  const Input x({4});
  Model model({x}, {shared(inner(x))});
  EXPECT_THAT(weights_of(model), ElementsAre("inner/shared/kernel", "inner/shared/bias"));
  expect_to_come_back(model);
}

TEST_F(SharedLayers, OutsideFirstAndThenInside) {
  const Layer shared = square();
  const Model inner = around(shared, "inner");
  const Input x({4});
  Model model({x}, {inner(shared(x))});
  EXPECT_THAT(weights_of(model), ElementsAre("shared/kernel", "shared/bias"));
  expect_to_come_back(model);
}

TEST_F(SharedLayers, ByTwoInnerModels) {
  const Layer shared = square();
  const Model left = around(shared, "left");
  const Model right = around(shared, "right");
  const Input x({4});
  Model model({x}, {Add()({left(x), right(square("own")(x))})});
  EXPECT_EQ(model.weights().size(), 4U);
  expect_to_come_back(model);
}

TEST_F(SharedLayers, OneInnerModelTwice) {
  const Model inner = around(square(), "inner");
  const Input x({4});
  Model model({x}, {inner(inner(x))});
  EXPECT_EQ(model.weights().size(), 2U);
  expect_to_come_back(model);
}

TEST_F(SharedLayers, AnInnerModelWithinTwoOthers) {
  const Model core = around(square(), "core");
  const Model left = around(core.as_layer(), "left");
  const Model right = around(core.as_layer(), "right");
  const Input x({4});
  Model model({x}, {Add()({left(x), right(x)})});
  EXPECT_THAT(weights_of(model), ElementsAre("left/core/shared/kernel", "left/core/shared/bias"));
  expect_to_come_back(model);
}

TEST_F(SharedLayers, DeepInsideAndOutside) {
  const Layer shared = square();
  const Model first = around(shared, "first");
  const Model second = around(first.as_layer(), "second");
  const Model third = around(shared, "third");
  const Input x({4});
  Model model({x}, {shared(third(second(x)))});
  EXPECT_EQ(model.weights().size(), 2U);
  expect_to_come_back(model);
}

TEST_F(SharedLayers, InASequentialWithInnerModels) {
  const Layer shared = square();
  const Sequential inner({Input({4}), shared}, {.name = "inner"});
  Sequential model({Input({4}), inner.as_layer(), shared, square("own"), shared});
  EXPECT_EQ(model.weights().size(), 4U);
  expect_to_come_back(model);
}

TEST_F(SharedLayers, LayersOfOneNameThatAreNotSharedStayApart) {
  const Model left = around(square(), "left");
  const Model right = around(square(), "right");
  const Input x({4});
  Model model({x}, {Add()({left(x), right(x)})});
  EXPECT_EQ(model.weights().size(), 4U);
  expect_to_come_back(model);
}

TEST_F(SharedLayers, ATieToNothingIsRefused) {
  const Layer shared = square();
  const Model inner = around(shared, "inner");
  const Input x({4});
  const Model model({x}, {shared(inner(x))});
  for (const char* to : {"inner/nobody", "inner"}) {
    model.save(path_);
    ModelFile file = read_model_file(path_);
    const std::function<Value(const Value&)> changed = [&](const Value& value) -> Value {
      if (value.is_list()) {
        Value::List list;
        for (const Value& each : value.as_list()) list.push_back(changed(each));
        return list;
      }
      if (!value.is_map()) return value;
      Value::Map map;
      for (const auto& [key, each] : value.as_map()) {
        map.emplace_back(key, key == "same_as" ? Value(to) : changed(each));
      }
      return map;
    };
    file.config = changed(Value(file.config)).as_map();
    write_model_file(file, path_);
    try {
      load_model(path_);
      ADD_FAILURE() << to;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(),
                  HasSubstr("a layer of that type that comes before, got " + std::string(to)));
    }
  }
}

// As in the network of a .keras file: an object that is written twice has one number.
TEST_F(SharedLayers, OfKerasAreReadByTheirNumbers) {
  const auto dense = [](const std::string& number, const std::string& from) {
    return R"({"class_name": "Dense", "config": {"name": "d", "units": 4}, "name": "d", )" +
           number +
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config":
           {"shape": [null, 4], "keras_history": [")" +
           from + R"(", 0, 0]}}], "kwargs": {}}]})";
  };
  const auto input = [](const std::string& name) {
    return R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": ")" + name +
           R"("}, "name": ")" + name + R"(", "inbound_nodes": []})";
  };
  const auto json = [&](const std::string& number) {
    return R"({"class_name": "Functional", "config": {"name": "outer", "layers": [)" + input("x") +
           R"(, {"class_name": "Functional", "name": "inner", "config": {"name": "inner",
           "layers": [)" +
           input("y") + "," + dense(number, "y") + R"(],
           "input_layers": [["y", 0, 0]], "output_layers": [["d", 0, 0]]},
           "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config":
           {"shape": [null, 4], "keras_history": ["x", 0, 0]}}], "kwargs": {}}]},)" +
           dense(number, "inner") + R"(], "input_layers": [["x", 0, 0]],
           "output_layers": [["d", 0, 0]]}})";
  };
  EXPECT_EQ(model_from_json(json(R"("shared_object_id": 7, )")).weights().size(), 2U);
  EXPECT_EQ(model_from_json(json("")).weights().size(), 4U);
}

}  // namespace shared_layers_test
}  // namespace cornu::inline v0
