// Relations that must hold between two runs whatever the numbers are, compared bit for bit.

#include <gmock/gmock.h>

#include <cstring>
#include <filesystem>
#include <set>

#include "cornu/cornu.h"
#include "cornu/testing/samples_test.h"

namespace cornu::inline v0 {
namespace metamorphic_test {

constexpr int64_t kRows = 13;
constexpr int64_t kColumns = 12;

Model network_of(std::string_view type) {
  const testing::LayerSample sample = testing::layer_sample(type);
  const Layer& layer = sample.layer;
  const Input x({kColumns});
  const auto dense = [](const SymbolicTensor& from) {
    return Dense({.units = 12, .activation = "sigmoid"})(from);
  };
  SymbolicTensor y = x;
  if (sample.indices > 0) {
    y = Flatten()(layer(x));
  } else if (type == "InputLayer") {
    y = dense(x);
  } else if (layer.description().takes(2)) {
    y = Flatten()(layer({dense(x), dense(x)}));
  } else {
    y = Flatten()(sample(dense(x)));
  }
  Model model({x}, {Dense({.units = 5, .activation = "softmax"})(y)}, {.seed = 3});
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy"});
  return model;
}

// Whole numbers from 0 to 6, which vectors of indices can take too.
Tensor inputs(int64_t rows, int64_t columns = kColumns) {
  Tensor x(Shape{rows, columns});
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>((i * i * 5 + i * 3) % 7);
  }
  return x;
}

Tensor labels(int64_t rows) {
  Tensor y(Shape{rows}, DType::int64);
  for (int64_t i = 0; i < rows; ++i) y.span<int64_t>()[static_cast<size_t>(i)] = i * 3 % 5;
  return y;
}

Tensor picked(TensorView x, const std::vector<int64_t>& rows) {
  Tensor y(x.shape().without_rows().with_rows().with_rows(static_cast<int64_t>(rows.size())),
           x.dtype());
  const size_t bytes = x.nbytes() / static_cast<size_t>(x.shape()[0]);
  for (size_t i = 0; i < rows.size(); ++i) {
    std::memcpy(y.data() + i * bytes, x.data() + static_cast<size_t>(rows[i]) * bytes, bytes);
  }
  return y;
}

void expect_same(TensorView a, TensorView b) {
  ASSERT_EQ(a.shape(), b.shape());
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.nbytes()), 0);
}

void expect_same(const Model& a, const Model& b) {
  ASSERT_EQ(a.weights().size(), b.weights().size());
  for (size_t i = 0; i < a.weights().size(); ++i) {
    SCOPED_TRACE(a.weights()[i].first);
    expect_same(a.weights()[i].second, b.weights()[i].second);
  }
}

class EachLayer : public ::testing::TestWithParam<std::string> {};

TEST_P(EachLayer, SamplesInAnotherOrderGiveTheirOutputsInThatOrder) {
  const Model model = network_of(GetParam());
  const std::vector<int64_t> order = {4, 0, 12, 7, 7, 1, 3, 2, 11, 9, 8, 10, 6};
  const Tensor x = inputs(kRows);
  expect_same(model.predict(picked(x, order)), picked(model.predict(x), order));
}

TEST_P(EachLayer, SamplesAloneAndAmongOthersGiveTheSame) {
  const Model model = network_of(GetParam());
  const Tensor y = model.predict(inputs(kRows));
  for (int64_t row = 0; row < kRows; ++row) {
    expect_same(model.predict(picked(inputs(kRows), {row})), picked(y, {row}));
  }
  const Dataset data(inputs(kRows), labels(kRows));
  for (const int64_t batch_size : {1, 2, 5, 13, 100}) {
    expect_same(model.predict(data, {.batch_size = batch_size}), y);
    EXPECT_EQ(model.evaluate(data, {.batch_size = batch_size})["loss"],
              model.evaluate(data, {.batch_size = 7})["loss"]);
  }
}

TEST_P(EachLayer, ASavedAndLoadedModelIsTheSame) {
  Model model = network_of(GetParam());
  model.fit(inputs(kRows), labels(kRows), {.batch_size = 5, .verbose = 0});
  const std::string path = ::testing::TempDir() + "metamorphic_" + GetParam() + ".safetensors";
  model.save(path);
  Model loaded = load_model(path);
  std::filesystem::remove(path);
  expect_same(loaded, model);
  expect_same(loaded.predict(inputs(kRows)), model.predict(inputs(kRows)));
  expect_same(clone_model(loaded, 3), network_of(GetParam()));
}

TEST_P(EachLayer, ALearningRateOfZeroMovesNoWeight) {
  for (const char* name : {"sgd", "adam", "rmsprop"}) {
    Model model = network_of(GetParam());
    model.compile({.optimizer = make_optimizer(name, {{"learning_rate", 0.0}}),
                   .loss = "sparse_categorical_crossentropy"});
    model.fit(inputs(kRows), labels(kRows), {.batch_size = 5, .epochs = 2, .verbose = 0});
    const Model before = network_of(GetParam());
    for (const NamedWeight& each : model.graph().weights()) {
      if (!each.trainable) continue;  // statistics of the batches
      for (const auto& [other, value] : before.weights()) {
        if (other == each.name) expect_same(each.weight->value, value);
      }
    }
  }
}

TEST_P(EachLayer, SampleAndClassWeightsOfOneChangeNothing) {
  Model plain = network_of(GetParam());
  Model weighted = network_of(GetParam());
  Tensor ones(Shape{kRows});
  for (float& one : ones.span<float>()) one = 1;
  const FitOptions options = {.batch_size = 4, .epochs = 2, .verbose = 0};
  FitOptions with = options;
  with.sample_weight = ones;
  with.class_weight = {{0, 1}, {3, 1}};
  const History a = plain.fit(inputs(kRows), labels(kRows), options);
  const History b = weighted.fit(inputs(kRows), labels(kRows), with);
  expect_same(plain, weighted);
  EXPECT_EQ(a.last()["loss"], b.last()["loss"]);
}

TEST_P(EachLayer, WithinAModelUsedAsALayerItIsTheSame) {
  Model flat = network_of(GetParam());
  const Model inside = network_of(GetParam());
  const Input x({kColumns});
  Model nested({x}, {inside(x)}, {.seed = 3});
  nested.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy"});
  expect_same(nested.predict(inputs(kRows)), flat.predict(inputs(kRows)));
  // The numbers that a layer draws depend on its path.
  if (GetParam().find("Dropout") != std::string::npos || GetParam() == "GaussianNoise") return;
  const FitOptions options = {.batch_size = 4, .epochs = 2, .verbose = 0};
  flat.fit(inputs(kRows), labels(kRows), options);
  nested.fit(inputs(kRows), labels(kRows), options);
  expect_same(flat, nested);
}

INSTANTIATE_TEST_SUITE_P(Metamorphic, EachLayer, ::testing::ValuesIn(testing::layer_types()),
                         [](const auto& each) { return each.param; });

TEST(Metamorphic, TwiceTheInputOfALinearNetworkIsTwiceItsOutput) {
  const Sequential model({Input({kColumns}), Dense({.units = 7, .use_bias = false}),
                          Rescaling({.scale = 3}), Dense({.units = 4, .use_bias = false})});
  Tensor twice = inputs(kRows);
  for (float& x : twice.span<float>()) x *= 2;
  const Tensor y = model.predict(inputs(kRows));
  const Tensor y_twice = model.predict(twice);
  for (int64_t i = 0; i < y.size(); ++i) EXPECT_EQ(y_twice.at(i), 2 * y.at(i));
}

TEST(Metamorphic, DropoutAndNoiseOfZeroChangeNothing) {
  const auto trained = [](const std::vector<Layer>& between) {
    std::vector<Layer> layers = {Input({kColumns}), Dense({.units = 9, .name = "first"})};
    layers.insert(layers.end(), between.begin(), between.end());
    layers.push_back(Dense({.units = 5, .activation = "softmax", .name = "last"}));
    Sequential model(std::move(layers));
    model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy"});
    model.fit(inputs(kRows), labels(kRows), {.batch_size = 4, .epochs = 3, .verbose = 0});
    return model;
  };
  const Sequential plain = trained({});
  expect_same(trained({Dropout({.rate = 0}), GaussianNoise({.stddev = 0})}), plain);
  expect_same(trained({Rescaling({.scale = 1, .offset = 0}), Activation("linear")}), plain);
}

TEST(Metamorphic, TwoHalvesOfABatchAccumulateToTheWhole) {
  const auto trained = [](int64_t batch_size, int64_t steps) {
    Sequential model({Input({kColumns}), Dense({.units = 4, .kernel_initializer = "ones"})});
    SGDOptions options = {.learning_rate = 0.25};
    options.gradient_accumulation_steps = steps;
    model.compile({.optimizer = SGD(options), .loss = "mse"});
    Tensor y(Shape{8, 4});
    for (int64_t i = 0; i < y.size(); ++i)
      y.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i % 5);
    model.fit(inputs(8), std::move(y), {.batch_size = batch_size, .verbose = 0, .shuffle = false});
    return model;
  };
  // Sums of small whole numbers and their halves are exact in any order.
  expect_same(trained(4, 2), trained(8, 1));
  expect_same(trained(2, 4), trained(8, 1));
}

TEST(Metamorphic, OutputsFollowTheColumnsOfTheirKernel) {
  Sequential model({Input({kColumns}), Dense({.units = 5})});
  Sequential turned({Input({kColumns}), Dense({.units = 5})});
  const auto [name, kernel] = model.weights()[0];
  Tensor columns(kernel.shape());
  for (int64_t i = 0; i < kColumns; ++i) {
    for (int64_t j = 0; j < 5; ++j) {
      columns.span<float>()[static_cast<size_t>(i * 5 + j)] =
          kernel.span<float>()[static_cast<size_t>(i * 5 + (j + 2) % 5)];
    }
  }
  turned.set_weight(name, columns);
  const Tensor y = model.predict(inputs(kRows));
  const Tensor y_turned = turned.predict(inputs(kRows));
  for (int64_t i = 0; i < y.size(); ++i) {
    EXPECT_EQ(y_turned.at(i), y.at(i / 5 * 5 + (i % 5 + 2) % 5));
  }
}

TEST(Metamorphic, SamplesOfWeightZeroTrainNothing) {
  const auto trained = [](int64_t rows, int64_t counted) {
    Sequential model({Input({kColumns}), Dense({.units = 4, .kernel_initializer = "ones"})});
    model.compile({.optimizer = SGD({.learning_rate = 0.25}), .loss = "mse"});
    Tensor weight(Shape{rows});
    for (int64_t i = 0; i < counted; ++i) {
      weight.span<float>()[static_cast<size_t>(i)] = static_cast<float>(rows / counted);
    }
    FitOptions options = {.batch_size = rows, .verbose = 0, .shuffle = false};
    options.sample_weight = weight;
    model.fit(inputs(rows), Tensor(Shape{rows, 4}), options);
    return model;
  };
  expect_same(trained(8, 4), trained(4, 4));
}

}  // namespace metamorphic_test
}  // namespace cornu::inline v0
