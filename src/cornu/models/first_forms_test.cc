// The forms that newcomers write first in C++, and their meaning.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/callbacks/early_stopping.h"
#include "cornu/core/error_of_test.h"
#include "cornu/core/with.h"
#include "cornu/datasets/digits.h"
#include "cornu/layers/arithmetic.h"
#include "cornu/layers/embedding.h"
#include "cornu/layers/merge.h"
#include "cornu/layers/relu.h"
#include "cornu/layers/rescaling.h"
#include "cornu/losses/huber.h"
#include "cornu/metrics/precision_recall.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/adam.h"
#include "cornu/optimizers/sgd.h"
#include "cornu/regularizers/l1_l2.h"
#include "cornu/schedules/cosine_decay.h"
#include "cornu/testing/check.h"

namespace cornu::inline v0 {
namespace first_forms_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Rows = std::vector<std::vector<float>>;

std::vector<float> values(TensorView t) {
  return {t.span<float>().begin(), t.span<float>().end()};
}

Value option(const Layer& layer, const char* name) {
  return Value(layer.description().config())[name];
}

TEST(With, MakesTheOptionsOfEachPartInAnyOrder) {
  const Dense dense(with([](auto& o) {
    o.activation = "relu";
    o.units = 64;
  }));
  EXPECT_EQ(option(dense, "units").as_int(), 64);
  EXPECT_EQ(option(dense, "activation").as_string(), "relu");
  EXPECT_TRUE(option(dense, "use_bias").as_bool());
  const Dropout dropout(with([](DropoutOptions& o) {
    o.name = "drop";
    o.rate = 0.25F;
  }));
  EXPECT_EQ(dropout.name(), "drop");
  EXPECT_EQ(option(dropout, "rate").as_double(), 0.25);
  const Input input(with([](auto& o) {
    o.name = "in";
    o.shape = {3};
  }));
  EXPECT_EQ(input.shape(), (Shape{kRows, 3}));
  const Adam adam(with([](auto& o) {
    o.beta_1 = 0.8;
    o.learning_rate = 0.01;
  }));
  EXPECT_EQ(Value(adam->config())["beta_1"].as_double(), 0.8);
  EXPECT_EQ(adam->learning_rate().at(0), 0.01);
  const Huber huber(with([](auto& o) { o.delta = 2; }));
  EXPECT_EQ(Value(huber->config())["delta"].as_double(), 2);
  const Precision precision(with([](auto& o) {
    o.name = "p";
    o.thresholds = 0.3;
  }));
  EXPECT_EQ(precision->name(), "p");
  const EarlyStoppingOptions stopping = with([](auto& o) {
    o.patience = 3;
    o.monitor = "loss";
  });
  EXPECT_EQ(stopping.patience, 3);
  EXPECT_EQ(stopping.monitor, "loss");
}

TEST(With, MakesTheOptionsOfCompileFitEvaluateAndPredict) {
  const auto [train, test] = datasets::digits();
  Sequential model({Flatten(), Dense(10, "softmax")}, with([](auto& o) {
                     o.seed = 5;
                     o.name = "small";
                   }));
  EXPECT_EQ(model.name(), "small");
  EXPECT_EQ(model.seed(), 5U);
  model.compile(with([](auto& o) {
    o.metrics = {"accuracy"};
    o.loss = "sparse_categorical_crossentropy";
  }));
  const History history = model.fit(train.divide(255).take(64), with([](auto& o) {
                                      o.verbose = 0;
                                      o.epochs = 2;
                                      o.batch_size = 16;
                                    }));
  EXPECT_EQ(history.epochs.size(), 2U);
  EXPECT_EQ(history.params.steps, 4);
  const Logs logs = model.evaluate(test.divide(255), with([](auto& o) {
                                     o.steps = 2;
                                     o.batch_size = 8;
                                   }));
  EXPECT_EQ(logs["loss"], model.evaluate(test.divide(255).take(16))["loss"]);
  EXPECT_EQ(model.predict(test.take(3), with([](auto& o) { o.batch_size = 2; })).shape(),
            (Shape{3, 10}));
}

TEST(Positions, AreTheFirstOptions) {
  EXPECT_EQ(option(Dropout(0.2), "rate").as_double(), 0.2);
  EXPECT_EQ(option(Dense(64), "units").as_int(), 64);
  EXPECT_EQ(option(Dense(64), "activation").as_string(), "linear");
  EXPECT_EQ(option(Dense(64, "relu"), "activation").as_string(), "relu");
  EXPECT_EQ(option(Embedding(1000, 16), "input_dim").as_int(), 1000);
  EXPECT_EQ(option(Embedding(1000, 16), "output_dim").as_int(), 16);
  EXPECT_EQ(option(ReLU(6), "max_value").as_double(), 6);
  EXPECT_EQ(option(Rescaling(0.5, -1), "offset").as_double(), -1);
  EXPECT_EQ(Adam(0.01)->learning_rate().at(0), 0.01);
  EXPECT_EQ(Adam(CosineDecay(0.1, 100))->learning_rate().at(100), 0);
  EXPECT_EQ(SGD(0.1)->learning_rate().at(0), 0.1);
  EXPECT_EQ(Value(SGD(0.1, 0.9)->config())["momentum"].as_double(), 0.9);
  EXPECT_EQ(Value(Huber(2.0)->config())["delta"].as_double(), 2);
  EXPECT_THROW(Dense(0), Error);
  EXPECT_THROW(Dropout(1.0), Error);
  const Sequential model({Input({3}), Dense(4), Activation("relu"), Dense(2, "softmax")});
  EXPECT_EQ(model.layers().size(), 4U);
}

TEST(Model, IsMadeOfSingleTensorsOrLists) {
  const Input a({3}), b({3});
  const SymbolicTensor y = Dense(2)(a);
  EXPECT_EQ(Model(a, y).outputs().size(), 1U);
  EXPECT_EQ(Model(a, y, {.name = "one"}).name(), "one");
  EXPECT_EQ(Model(a, {y, y + 1}).outputs().size(), 2U);
  EXPECT_EQ(Model({a, b}, a + b).inputs().size(), 2U);
  EXPECT_EQ(Model({a}, {y}).outputs().size(), 1U);
}

TEST(SymbolicTensor, IsAddedSubtractedAndMultiplied) {
  const Input a({2}), b({2});
  const auto result = [&](const SymbolicTensor& y) {
    const Model model({a, b}, {y, a + b});
    return values(model.predict_all({Tensor(Rows{{1, 2}}), Tensor(Rows{{3, 5}})})[0]);
  };
  EXPECT_THAT(result(a + b), ElementsAre(4, 7));
  EXPECT_THAT(result(a - b), ElementsAre(-2, -3));
  EXPECT_THAT(result(a * b), ElementsAre(3, 10));
  EXPECT_THAT(result(a + 1), ElementsAre(2, 3));
  EXPECT_THAT(result(1 + a), ElementsAre(2, 3));
  EXPECT_THAT(result(a - 1), ElementsAre(0, 1));
  EXPECT_THAT(result(1 - a), ElementsAre(0, -1));
  EXPECT_THAT(result(a * 2), ElementsAre(2, 4));
  EXPECT_THAT(result(0.5 * a), ElementsAre(0.5, 1));
  EXPECT_THAT(result(-a), ElementsAre(-1, -2));
  EXPECT_THAT(error_of([&] { a + Dense(3)(b); }), HasSubstr("the inputs differ in shape"));
  const Model model({a, b}, (a + b) * 2);
  EXPECT_EQ(model.layers().back().type(), "Rescaling");
}

TEST(Model, TakesSeveralInputsInBraces) {
  const Input a({2}), b({2});
  Model model({a, b}, Dense(1)(a - b));
  model.compile({.optimizer = SGD(0.01), .loss = "mse"});
  const Tensor x = Rows{{1, 2}, {3, 4}};
  const Tensor z = Rows{{0, 1}, {1, 1}};
  const std::vector<float> y = {1, 2};
  EXPECT_EQ(model.fit({x, z}, y, {.epochs = 2, .verbose = 0}).epochs.size(), 2U);
  EXPECT_EQ(model.evaluate({x, z}, y)["loss"], model.evaluate(Dataset({x, z}, y))["loss"]);
  EXPECT_EQ(model.predict({x, z}).shape(), (Shape{2, 1}));
  EXPECT_THAT(error_of([&] { model.predict(x); }), HasSubstr("predict({a, b})"));
  EXPECT_THAT(error_of([&] { model.predict({x}); }), HasSubstr("expected 2 inputs, got 1"));
  EXPECT_GT(model.train_on_batch({x, z}, y)["loss"], 0);
  EXPECT_GT(model.test_on_batch({x, z}, y)["loss"], 0);
}

TEST(Model, TakesVectors) {
  const Rows x = {{0, 1}, {1, 0}, {1, 1}, {0, 0}};
  const std::vector<int> labels = {1, 0, 1, 0};
  Sequential model({Dense(2, "softmax")});
  model.compile({.optimizer = Adam(0.1), .loss = "sparse_categorical_crossentropy"});
  model.fit(x, labels, {.batch_size = 4, .epochs = 3, .verbose = 0});
  EXPECT_EQ(model.evaluate(x, labels)["loss"], model.evaluate(Tensor(x), Tensor(labels))["loss"]);
  EXPECT_EQ(values(model.predict(x)), values(model.predict(Tensor(x))));
  // One number per sample is a column.
  Sequential line({Dense(1)});
  line.compile({.optimizer = SGD(0.1), .loss = "mse"});
  const std::vector<float> y = {1, 0, 1, 0};
  line.fit(x, y, {.epochs = 1, .verbose = 0, .sample_weight = std::vector<float>{1, 1, 0, 0}});
  EXPECT_THAT(error_of([&] { line.fit(x, std::vector<float>{1}); }),
              HasSubstr("as many targets as inputs"));
}

// A matrix in columns, as Eigen keeps one.
struct Columns {
  static constexpr bool IsRowMajor = false;
  static constexpr int ColsAtCompileTime = -1;
  int64_t r, c;
  std::vector<float> memory;
  int64_t rows() const { return r; }
  int64_t cols() const { return c; }
  const float* data() const { return memory.data(); }
};

TEST(Model, TakesMatricesInColumns) {
  const Columns x{2, 3, {1, 4, 2, 5, 3, 6}};
  const Columns y{2, 1, {1, 0}};
  const Rows same = {{1, 2, 3}, {4, 5, 6}};
  Sequential model({Input({3}), Dense(1)});
  model.compile({.loss = "mse"});
  EXPECT_EQ(model.evaluate(x, y)["loss"], model.evaluate(same, Rows{{1}, {0}})["loss"]);
  EXPECT_EQ(values(model.predict(Tensor(x))), values(model.predict(same)));
  // Read by rows, the memory is the transpose.
  const TensorView lies(x.memory.data(), {3, 2}, DType::float32);
  EXPECT_EQ(values(model.predict(lies.transposed())), values(model.predict(same)));
}

TEST(Loss, IsAFunctionOfTargetsAndOutputs) {
  const Rows x = {{0, 1}, {1, 0}, {0.5, 1}};
  const Rows y = {{1, 2}, {0, 0.5}, {-1, 3}};
  const auto trained = [&](Loss loss, double& value) {
    Sequential model({Input({2}), Dense(2, "tanh")});
    model.compile({.optimizer = SGD(0.1), .loss = std::move(loss)});
    model.fit(x, y, {.batch_size = 2, .epochs = 3, .verbose = 0});
    value = model.evaluate(x, y)["loss"];
    return values(model.predict(x));
  };
  double ours = 0, named = 0;
  const auto squared = [](auto y_true, auto y_pred) { return square(y_pred - y_true); };
  const std::vector<float> a = trained(squared, ours);
  const std::vector<float> b = trained("mse", named);
  EXPECT_NEAR(ours, named, 1e-6);
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-6F);

  const Input in({3});
  const Model small(in, Dense(4, "tanh")(in));
  const Loss mixed("mixed", [](Expression y_true, Expression y_pred) {
    const Expression d = y_pred - y_true;
    return 0.25 * square(d) + softplus(d) - sigmoid(2 * d) * exp(-d) + 1 -
           maximum(tanh(d), 0.5 * d) + minimum(d, -d) * 0.5 - relu(1 - d);
  });
  EXPECT_EQ(mixed->name(), "mixed");
  const testing::CheckResult check = testing::check_gradients(small.graph(), mixed, Field{{4}, {}});
  EXPECT_TRUE(check.ok) << check.log;
}

TEST(Loss, RefusesAFunctionThatComputesNothing) {
  Sequential model({Input({2}), Dense(2)});
  model.compile({.loss = [](auto, auto y_pred) { return y_pred; }});
  EXPECT_THAT(error_of([&] {
                model.evaluate(Rows{{1, 2}}, Rows{{1, 2}});
              }),
              HasSubstr("loss function: expected a value that is computed from y_pred"));
  EXPECT_THROW(Loss("empty", LossFormula()), Error);
  model.compile({.loss = [](auto y_true, auto y_pred) { return abs(y_true - y_pred); }});
  EXPECT_THAT(error_of([&] {
                model.evaluate(Rows{{1, 2}}, std::vector<int>{1});
              }),
              HasSubstr("to_categorical(2)"));
}

TEST(Metric, IsAFunctionOfABatchOrOfEachSample) {
  const Rows x = {{0, 1}, {1, 0}, {0.5, 1}};
  const std::vector<float> y = {1, 2, 3};
  Sequential model({Input({2}), Dense(1)});
  const auto first_target = [](TensorView y_true, TensorView) { return y_true.at(0); };
  const auto each_target = [](TensorView y_true, TensorView y_pred) {
    EXPECT_EQ(y_true.shape()[0], y_pred.shape()[0]);
    std::vector<double> list;
    for (int64_t i = 0; i < y_true.size(); ++i) list.push_back(y_true.at(i));
    return list;
  };
  model.compile({.loss = "mse",
                 .metrics = {"mae", first_target, Metric("each", each_target)},
                 .weighted_metrics = {Metric("weighted", each_target)}});
  const Logs logs =
      model.evaluate(x, y, {.batch_size = 2, .sample_weight = std::vector<float>{1, 0, 3}});
  // Batches {1, 2} and {3}: a number for a batch counts once for each of its samples.
  EXPECT_EQ(logs["function"], (1. + 1. + 3.) / 3.);
  EXPECT_EQ(logs["each"], 2);
  EXPECT_EQ(logs["weighted"], (1. * 1 + 2. * 0 + 3. * 3) / 4.);

  model.compile({.loss = "mse",
                 .metrics = {Metric("short", [](auto, auto) { return std::vector<double>{1}; })}});
  EXPECT_THAT(error_of([&] { model.evaluate(x, y); }),
              HasSubstr("metric short: expected a number for the batch, or one for each of its 3"));
}

TEST(Metric, FunctionSeesLabelsAsTheNetworkDoes) {
  Sequential model({Input({2}), Dense(3, "softmax")});
  const Dataset data = Dataset(Rows{{0, 1}, {1, 0}}, std::vector<int>{2, 1}).to_categorical(3);
  std::vector<float> seen;
  model.compile(
      {.loss = "categorical_crossentropy", .metrics = {[&seen](TensorView y_true, TensorView) {
                                             seen = values(y_true);
                                             return 0.0;
                                           }}});
  model.evaluate(data);
  EXPECT_THAT(seen, ElementsAre(0, 0, 1, 0, 1, 0));
}

TEST(Parts, AreUnchangedWhenMovedFrom) {
  Dense dense(3);
  const Dense other = std::move(dense);
  EXPECT_EQ(dense.type(), "Dense");  // NOLINT: the state after a move is part of the contract
  Loss loss = "mse";
  const Loss other_loss = std::move(loss);
  EXPECT_EQ(loss->name(), "mean_squared_error");  // NOLINT
  Metric metric = "mse";
  const Metric other_metric = std::move(metric);
  EXPECT_EQ(metric->name(), "mse");  // NOLINT
  Optimizer optimizer = "adam";
  const Optimizer other_optimizer = std::move(optimizer);
  EXPECT_EQ(optimizer->name(), "adam");  // NOLINT
  Dataset data(Rows{{1, 2}}, std::vector<int>{0});
  const Dataset other_data = std::move(data);
  EXPECT_EQ(data.size(), 1);  // NOLINT
  EXPECT_EQ(data.info().name, "");
  EXPECT_EQ(data.x().at(1), 2);
}

}  // namespace first_forms_test
}  // namespace cornu::inline v0
