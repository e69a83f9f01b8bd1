#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "cornu/core/file.h"
#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/concatenate.h"
#include "cornu/layers/merge.h"
#include "cornu/losses/huber.h"
#include "cornu/metrics/precision_recall.h"
#include "cornu/models/load_model.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace network_save_test {

using ::testing::HasSubstr;

constexpr int64_t kSamples = 24;

Tensor floats(Shape shape, int64_t salt) {
  Tensor x(shape);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] =
        static_cast<float>((i * (7 + salt) + 3 * salt) % 13 - 6) / 8;
  }
  return x;
}

class NetworkSave : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  // The loaded model equals the saved one: outputs, losses, weights, summary.
  void expect_to_come_back(Model& model, const Dataset& data) {
    model.fit(data, {.batch_size = 5, .epochs = 2, .verbose = 0});
    model.save(path_);
    const Model loaded = load_model(path_);
    EXPECT_EQ(loaded.name(), model.name());
    EXPECT_EQ(loaded.type(), model.type());
    EXPECT_EQ(loaded.summary(), model.summary());
    const auto expected = model.predict_all(data);
    const auto found = loaded.predict_all(data);
    ASSERT_EQ(found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(std::memcmp(found[i].data(), expected[i].data(), found[i].nbytes()), 0);
    }
    const Logs before = model.evaluate(data);
    const Logs after = loaded.evaluate(data);
    for (const auto& [name, value] : before) EXPECT_EQ(after[name], value) << name;
    // Saving it again gives the same file.
    const std::vector<std::byte> bytes = read_file(path_);
    loaded.save(path_);
    EXPECT_EQ(read_file(path_), bytes);
  }

  std::string error_of_changed(const std::function<void(Value::Map&)>& change) {
    ModelFile file = read_model_file(path_);
    change(file.config);
    write_model_file(file, path_);
    try {
      load_model(path_);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  // Tests may run at the same time.
  const std::string path_ = ::testing::TempDir() + "network_save_" +
                            ::testing::UnitTest::GetInstance()->current_test_info()->name() +
                            ".safetensors";
};

Model two_by_two() {
  const Input a({4});
  const Input b({3});
  const Dense shared({.units = 5, .activation = "tanh", .name = "shared"});
  const auto left = shared(Dense({.units = 6})(a));
  const auto right = shared(Dense({.units = 6, .activation = "relu"})(b));
  const auto joined = BatchNormalization()(Concatenate()({left, right}));
  const auto kind = Dense({.units = 3, .activation = "softmax", .name = "kind"})(joined);
  const auto size = Dense({.units = 2, .name = "size"})(joined);
  Model model({a, b}, {kind, size}, {.name = "two", .seed = 5});
  model.compile({.losses = {{"kind", "categorical_crossentropy"}, {"size", Huber({.delta = 0.5})}},
                 .loss_weights = {{"size", 0.25}},
                 .output_metrics = {{"kind", {"accuracy", Precision({.thresholds = 0.25})}},
                                    {"size", {"mae"}}},
                 .output_weighted_metrics = {{"size", {"rmse"}}}});
  return model;
}

Dataset two_by_two_data() {
  Tensor labels(Shape{kSamples}, DType::uint8);
  for (size_t i = 0; i < kSamples; ++i) labels.span<uint8_t>()[i] = static_cast<uint8_t>(i * 5 % 3);
  std::vector<Tensor> x = {floats({kSamples, 4}, 0), floats({kSamples, 3}, 1)};
  std::vector<Tensor> y = {labels, floats({kSamples, 2}, 2)};
  return Dataset(std::move(x), std::move(y)).to_categorical(3);
}

TEST_F(NetworkSave, TwoInputsTwoOutputsAndASharedLayer) {
  Model model = two_by_two();
  expect_to_come_back(model, two_by_two_data());
}

TEST_F(NetworkSave, ModelsWithinModels) {
  Sequential inner({Input({3}), Dense({.units = 3, .activation = "tanh"})}, {.name = "inner"});
  const Input x({3});
  const Model middle({x}, {Add()({x, inner(x)})}, {.name = "middle"});
  const Input first({3});
  const Input second({3});
  const auto joined = Concatenate()({middle(first), middle(second)});
  Model model({first, second}, {Dense({.units = 2})(joined)});
  model.compile({.loss = "mse"});
  std::vector<Tensor> in = {floats({kSamples, 3}, 0), floats({kSamples, 3}, 1)};
  std::vector<Tensor> out = {floats({kSamples, 2}, 2)};
  expect_to_come_back(model, Dataset(std::move(in), std::move(out)));
}

TEST_F(NetworkSave, LayersThatDoNotTrainStayFixed) {
  const Input x({3});
  Dense fixed({.units = 3, .name = "fixed"});
  Model model({x}, {Dense({.units = 2})(fixed(x))});
  model.get_layer("fixed").set_trainable(false);
  model.compile({.loss = "mse"});
  model.save(path_);
  const Model loaded = load_model(path_);
  EXPECT_FALSE(loaded.get_layer("fixed").trainable());
  EXPECT_EQ(loaded.summary(), model.summary());
}

TEST_F(NetworkSave, RefusesInconsistentFiles) {
  const auto network_of = [](Value::Map& config) -> Value::Map {
    for (const auto& [key, value] : config) {
      if (key == "network") return value.as_map();
    }
    return {};
  };
  const auto set = [](Value::Map& map, const std::string& field, const Value& value) {
    for (auto& [key, old] : map) {
      if (key == field) old = value;
    }
  };
  const auto change = [&](const std::string& field, const Value& value) {
    Model model = two_by_two();
    model.save(path_);
    return error_of_changed([&](Value::Map& config) {
      Value::Map network = network_of(config);
      set(network, field, value);
      set(config, "network", network);
    });
  };
  EXPECT_THAT(change("outputs", Value::List{Value(int64_t{99}), Value(int64_t{0})}),
              HasSubstr("a tensor's number below"));
  EXPECT_THAT(change("outputs", Value::List{}), HasSubstr("at least one input and one output"));
  EXPECT_THAT(change("calls",
                     Value::List{Value::Map{{"layer", Value(int64_t{-1})}, {"in", Value::List{}}}}),
              HasSubstr("a layer's number below"));
  EXPECT_THAT(change("layers", Value::List{}), HasSubstr("a layer's number below 0"));
  EXPECT_THAT(change("inputs", Value("x")), HasSubstr(path_));
  Model model = two_by_two();
  model.save(path_);
  EXPECT_THAT(error_of_changed([&](Value::Map& config) { set(config, "format", int64_t{1}); }),
              HasSubstr(path_));
  model.save(path_);
  EXPECT_THAT(error_of_changed([&](Value::Map& config) { set(config, "format", int64_t{3}); }),
              HasSubstr("model format 1 or 2, got 3"));
  // Networks nested too deep.
  Value::Map deep = {{"inputs", Value::List{Value::List{Value(int64_t{1})}}},
                     {"layers", Value::List{}},
                     {"calls", Value::List{}},
                     {"outputs", Value::List{Value(int64_t{0})}}};
  for (int i = 0; i < 20; ++i) {
    const Value::Map layer = {{"type", "Functional"},
                              {"config", Value::Map{{"name", "n" + std::to_string(i)}}},
                              {"network", deep}};
    set(deep, "layers", Value::List{layer});
  }
  model.save(path_);
  EXPECT_THAT(error_of_changed([&](Value::Map& config) { set(config, "network", deep); }),
              HasSubstr("16 deep at most"));
}

}  // namespace network_save_test
}  // namespace cornu::inline v0
