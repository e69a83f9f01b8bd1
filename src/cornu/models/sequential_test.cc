#include "cornu/models/sequential.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <set>
#include <thread>

namespace cornu::inline v0 {
namespace sequential_test {

using ::testing::HasSubstr;

template <class Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// Two classes that a line separates, as bytes: class 1 is bright on the right.
Dataset two_classes(int64_t count) {
  Tensor x(Shape{count, 2, 3}, DType::uint8);
  Tensor y(Shape{count}, DType::uint8);
  for (int64_t i = 0; i < count; ++i) {
    const bool right = i % 2 == 1;
    for (int64_t j = 0; j < 6; ++j) {
      const bool bright = (j % 3 == 2) == right;
      x.span<uint8_t>()[static_cast<size_t>(i * 6 + j)] =
          static_cast<uint8_t>((bright ? 150 : 30) + (i * 13 + j * 29) % 90);
    }
    y.span<uint8_t>()[static_cast<size_t>(i)] = right ? 1 : 0;
  }
  return {std::move(x), std::move(y)};
}

Sequential small_model() {
  return {{Flatten(), Dense({.units = 8, .activation = "tanh"}),
           Dense({.units = 2, .activation = "softmax"})}};
}

std::vector<Tensor> weights_of(const Model& model) {
  std::vector<Tensor> all;
  for (const auto& [name, weight] : model.weights()) all.emplace_back(weight);
  return all;
}

bool same_bits(TensorView a, TensorView b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.nbytes()) == 0;
}

void expect_same(const Model& a, const Model& b) {
  const auto left = weights_of(a);
  const auto right = weights_of(b);
  ASSERT_EQ(left.size(), right.size());
  for (size_t i = 0; i < left.size(); ++i) EXPECT_TRUE(same_bits(left[i], right[i])) << i;
}

TEST(Sequential, SummaryIsTheTutorials) {
  Sequential model({Dense({.units = 64, .activation = "sigmoid"}),
                    Dense({.units = 10, .activation = "softmax"})});
  model.build({784});
  EXPECT_EQ(model.summary(),
            "Model: \"sequential\"\n"
            "_________________________________________________________________\n"
            "Layer (type)                 Output Shape              Param #   \n"
            "=================================================================\n"
            "dense (Dense)                (None, 64)                50240     \n"
            "_________________________________________________________________\n"
            "dense_1 (Dense)              (None, 10)                650       \n"
            "=================================================================\n"
            "Total params: 50,890\n"
            "Trainable params: 50,890\n"
            "Non-trainable params: 0\n"
            "_________________________________________________________________\n");
}

TEST(Sequential, BeginsWithAnInputIsBuiltAtOnceAndGrows) {
  Sequential model({Input({4}), Dense({.units = 3, .name = "first"})});
  EXPECT_TRUE(model.built());
  model.add(Dense({.units = 2, .trainable = false}));
  model.add(Activation("softmax"));
  std::vector<std::string> names;
  for (const Layer& layer : model.layers()) names.push_back(layer.name());
  EXPECT_EQ(names, (std::vector<std::string>{"input_layer", "first", "dense", "activation"}));
  EXPECT_THAT(model.summary(), HasSubstr("Total params: 23\nTrainable params: 15\n"));
  EXPECT_THAT(model.summary(), Not(HasSubstr("input_layer")));
}

TEST(Sequential, SaysWhatIsMissing) {
  Sequential model = small_model();
  EXPECT_EQ(error_of([&] { model.summary(); }),
            "model \"sequential\": is not built yet. Hint: call build({784}), begin with "
            "Input({784}), or fit it first");
  EXPECT_THAT(error_of([&] { model.fit(two_classes(4)); }), HasSubstr("is not compiled yet"));
  model.compile({});
  EXPECT_THAT(error_of([&] { model.fit(two_classes(4)); }), HasSubstr("without a loss"));
}

TEST(Sequential, RefusesBadOptionsShapesAndNames) {
  EXPECT_EQ(error_of([] { Dense({.units = 0, .name = "dense_2"}); }),
            "Dense \"dense_2\": expected units > 0, got 0. Hint: units is the number of outputs: "
            "64, or as many as there are classes");
  EXPECT_THAT(error_of([] { Dense({.units = 1, .activation = "sigmod"}); }),
              HasSubstr("unknown activation \"sigmod\"; expected one of sigmoid, "));
  EXPECT_THAT(error_of([] { Dropout({.rate = 1}); }), HasSubstr("expected 0 <= rate < 1, got 1"));
  EXPECT_THAT(error_of([] {
                Sequential({Input({2}), Dense({.units = 1, .name = "a"}),
                            Dense({.units = 1, .name = "a"})});
              }),
              HasSubstr("another layer of this model has that name"));
  Sequential model = small_model();
  model.build({2, 3});
  EXPECT_THAT(error_of([&] { model.build({7}); }), HasSubstr("is built already"));
  EXPECT_THAT(error_of([&] { model.set_weight("dense/kernal", Tensor()); }),
              HasSubstr("unknown weight \"dense/kernal\"; expected one of dense/kernel"));
  Tensor bad(Shape{8});
  bad.span<float>()[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(error_of([&] { model.set_weight("dense/bias", bad); }), HasSubstr("at element 3"));
}

TEST(Sequential, LabelsAndLossMustMatch) {
  Sequential model = small_model();
  model.compile({.loss = "categorical_crossentropy"});
  EXPECT_EQ(error_of([&] { model.fit(two_classes(4)); }),
            "loss categorical_crossentropy: the targets are labels, not one-hot rows; expected "
            "targets of shape (None, 2), got (None,). Hint: call to_categorical(2) on the data, "
            "or use sparse_categorical_crossentropy");
  model.compile({.loss = "sparse_categorical_crossentropy"});
  EXPECT_THAT(error_of([&] { model.fit(two_classes(4).to_categorical(2)); }),
              HasSubstr("the targets are one-hot rows, not labels"));
  Sequential one_output({Flatten(), Dense({.units = 1, .activation = "softmax"})});
  one_output.compile({.loss = "sparse_categorical_crossentropy"});
  EXPECT_THAT(error_of([&] { one_output.fit(two_classes(4), {.verbose = 0}); }),
              HasSubstr("label out of range; expected 0 … 0, as the model's last layer has 1"));
}

TEST(Sequential, LearnsTwoClassesAndPredictsThem) {
  Sequential model = small_model();
  model.compile({.optimizer = make_optimizer("adam", {{"learning_rate", 0.02}}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy"}});
  const Dataset data = two_classes(64).divide(255);
  const History history = model.fit(data, {.batch_size = 8, .epochs = 20, .verbose = 0});
  EXPECT_EQ(history.last()["accuracy"], 1.0);
  EXPECT_LT(history.last()["loss"], 0.2);
  EXPECT_EQ(history["loss"].size(), 20U);
  EXPECT_EQ(history.params.steps, 8);
  const Tensor classes = model.predict_classes(data);
  for (int64_t i = 0; i < 64; ++i) EXPECT_EQ(classes.at(i), i % 2) << i;
  // Bytes are decoded as in training, floats are used unchanged.
  const Tensor from_bytes = model.predict(data.x());
  const Tensor from_floats = model.predict(data.decoded_x());
  EXPECT_TRUE(same_bits(from_bytes, from_floats));
  EXPECT_TRUE(same_bits(from_bytes, model.predict(data)));
}

TEST(Sequential, ASecondFitContinuesWithWeightsAndOptimizer) {
  const Dataset data = two_classes(50).divide(255).to_categorical(2);
  const CompileOptions options{.loss = "categorical_crossentropy"};
  Sequential once = small_model();
  Sequential twice = small_model();
  once.compile(options);
  twice.compile(options);
  once.fit(data, {.batch_size = 16, .epochs = 5, .verbose = 0});
  twice.fit(data, {.batch_size = 16, .epochs = 2, .verbose = 0});
  twice.fit(data, {.batch_size = 16, .epochs = 3, .verbose = 0});
  expect_same(once, twice);
  Sequential anew = small_model();
  anew.compile(options);
  anew.fit(data, {.batch_size = 16, .epochs = 2, .verbose = 0});
  anew.compile(options);
  anew.fit(data, {.batch_size = 16, .epochs = 3, .verbose = 0});
  EXPECT_FALSE(same_bits(weights_of(once)[0], weights_of(anew)[0]));
}

/// Data that record the order of requests, for one thread.
class Remembering final : public Source {
 public:
  explicit Remembering(Dataset data) : data_(std::move(data)) {}
  Spec spec() const override { return data_.spec(); }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    asked_.insert(asked_.end(), ids.begin(), ids.end());
    data_.fill(ids, row, batch);
  }
  /// The samples of each pass, in order.
  std::vector<std::vector<uint64_t>> passes() const {
    std::vector<std::vector<uint64_t>> all;
    const auto size = static_cast<size_t>(data_.size());
    for (size_t i = 0; i + size <= asked_.size(); i += size) {
      all.emplace_back(asked_.begin() + static_cast<ptrdiff_t>(i),
                       asked_.begin() + static_cast<ptrdiff_t>(i + size));
    }
    return all;
  }

 private:
  Dataset data_;
  mutable std::vector<uint64_t> asked_;
};

TEST(Sequential, EveryEpochOfEveryFitHasItsOwnOrder) {
  const Remembering data(two_classes(50).divide(255).to_categorical(2));
  Sequential model = small_model();
  model.compile(
      {.loss = "categorical_crossentropy", .execution = {.team = std::make_shared<Team>(1)}});
  model.fit(data, {.batch_size = 16, .epochs = 2, .verbose = 0});
  model.fit(data, {.batch_size = 16, .epochs = 2, .verbose = 0});
  model.fit(data, {.batch_size = 16, .epochs = 1, .verbose = 0, .shuffle = false});
  const auto passes = data.passes();
  ASSERT_EQ(passes.size(), 5u);
  std::vector<uint64_t> ids(50);
  std::iota(ids.begin(), ids.end(), 0);
  EXPECT_EQ(passes.back(), ids);
  for (const auto& pass : passes) EXPECT_THAT(pass, ::testing::UnorderedElementsAreArray(ids));
  EXPECT_EQ(std::set(passes.begin(), passes.end()).size(), 5u);
}

TEST(Sequential, SparseLabelsTrainToTheBitsOfOneHotRows) {
  const Dataset data = two_classes(50).divide(255);
  Sequential sparse = small_model();
  Sequential one_hot = small_model();
  sparse.compile({.loss = "sparse_categorical_crossentropy"});
  one_hot.compile({.loss = "categorical_crossentropy"});
  sparse.fit(data, {.epochs = 3, .verbose = 0});
  one_hot.fit(data.to_categorical(2), {.epochs = 3, .verbose = 0});
  expect_same(sparse, one_hot);
}

TEST(Sequential, LabelsOfAnyTypeTrainToTheSameBits) {
  const Dataset data = two_classes(50);
  const auto fitted = [&](Tensor y) {
    Sequential model = small_model();
    model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
    model.fit({Tensor(data.x())}, {std::move(y)}, {.epochs = 3, .verbose = 0});
    return model;
  };
  const Sequential expected = fitted(Tensor(data.y()));
  Tensor numbers(Shape{50});
  Tensor columns(Shape{50, 1}, DType::int64);
  for (size_t i = 0; i < 50; ++i) {
    numbers.span<float>()[i] = static_cast<float>(i % 2);
    columns.span<int64_t>()[i] = static_cast<int64_t>(i % 2);
  }
  expect_same(fitted(Tensor(numbers)), expected);
  expect_same(fitted(Tensor(columns)), expected);
  const double accuracy = expected.evaluate(data)["accuracy"];
  EXPECT_EQ(expected.evaluate({Tensor(data.x())}, {numbers})["accuracy"], accuracy);
  EXPECT_EQ(expected.evaluate({Tensor(data.x())}, {columns})["accuracy"], accuracy);
  numbers.span<float>()[7] = 0.5F;
  EXPECT_THAT(error_of([&] { fitted(Tensor(numbers)); }),
              HasSubstr("sample 7: a label counts classes; expected a whole number, got 0.5"));
  numbers.span<float>()[7] = 2;
  EXPECT_THAT(error_of([&] { fitted(Tensor(numbers)); }),
              HasSubstr("sample 7: label out of range"));
}

TEST(Sequential, TheSeedOfDropoutChangesItsMasks) {
  const auto trained = [](int64_t seed) {
    Sequential model({Flatten(), Dropout({.rate = 0.5F, .seed = seed}), Dense(2)});
    model.compile({.loss = "mse"});
    model.fit(two_classes(20).divide(255).to_categorical(2), {.verbose = 0});
    return Tensor(model.weights()[0].second);
  };
  EXPECT_TRUE(same_bits(trained(3), trained(3)));
  EXPECT_FALSE(same_bits(trained(3), trained(4)));
  EXPECT_FALSE(same_bits(trained(3), trained(-1)));
}

TEST(Sequential, SeedsAndNothingElseChangeWeights) {
  const Dataset data = two_classes(40).divide(255).to_categorical(2);
  const auto trained = [&](uint64_t seed) {
    Sequential model({Flatten(), Dense({.units = 5, .activation = "relu"}), Dropout({.rate = 0.5F}),
                      Dense({.units = 2, .activation = "softmax"})},
                     {.seed = seed});
    model.compile({.loss = "categorical_crossentropy"});
    model.fit(data, {.epochs = 2, .verbose = 0});
    return weights_of(model);
  };
  EXPECT_TRUE(same_bits(trained(1)[0], trained(1)[0]));
  EXPECT_FALSE(same_bits(trained(1)[0], trained(2)[0]));
}

TEST(Sequential, ALearningRateOfZeroMovesNothing) {
  Sequential model = small_model();
  model.build({2, 3});
  const auto before = weights_of(model);
  model.compile({.optimizer = make_optimizer("adam", {{"learning_rate", 0}}),
                 .loss = "sparse_categorical_crossentropy"});
  model.fit(two_classes(20).divide(255), {.epochs = 2, .verbose = 0});
  const auto after = weights_of(model);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(same_bits(before[i], after[i]));
}

TEST(Sequential, FrozenLayersStayAsTheyAre) {
  Sequential model({Flatten(), Dense({.units = 8, .activation = "tanh", .trainable = false}),
                    Dense({.units = 2, .activation = "softmax"})});
  model.build({2, 3});
  const auto before = weights_of(model);
  model.compile({.loss = "sparse_categorical_crossentropy"});
  model.fit(two_classes(20).divide(255), {.verbose = 0});
  const auto after = weights_of(model);
  EXPECT_TRUE(same_bits(before[0], after[0]));
  EXPECT_FALSE(same_bits(before[2], after[2]));
}

TEST(Sequential, ValidationTakesTheLastRowsAndEvaluateRepeatsIt) {
  const Dataset data = two_classes(50).divide(255).to_categorical(2);
  Sequential split = small_model();
  Sequential given = small_model();
  const CompileOptions options{.loss = "categorical_crossentropy", .metrics = {"accuracy"}};
  split.compile(options);
  given.compile(options);
  const History a = split.fit(data, {.epochs = 2, .verbose = 0, .validation_split = 0.2});
  const History b =
      given.fit(data.take(40), {.epochs = 2, .verbose = 0, .validation_data = data.skip(40)});
  expect_same(split, given);
  EXPECT_EQ(a.last()["val_loss"], b.last()["val_loss"]);
  for (int64_t batch_size : {1, 3, 32, 100}) {
    const Logs logs = split.evaluate(data.skip(40), {.batch_size = batch_size});
    EXPECT_EQ(logs["loss"], a.last()["val_loss"]) << batch_size;
    EXPECT_EQ(logs["accuracy"], a.last()["val_accuracy"]) << batch_size;
  }
}

TEST(Sequential, EvaluateIsTheMeanOverSamples) {
  Sequential model = small_model();
  model.build({2, 3});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  const Dataset data = two_classes(11).divide(255);
  const Tensor y_proba = model.predict(data);
  double loss = 0;
  double right = 0;
  for (int64_t i = 0; i < 11; ++i) {
    loss -= std::log(y_proba.at(2 * i + i % 2)) / 11;
    right += y_proba.at(2 * i + i % 2) > 0.5 ? 1 : 0;
  }
  const Logs logs = model.evaluate(data, {.batch_size = 4});
  const Logs of_tensors = model.evaluate(data.decoded_x(), data.decoded_y(), {.batch_size = 4});
  EXPECT_EQ(of_tensors["loss"], logs["loss"]);
  EXPECT_NEAR(logs["loss"], loss, 1e-6);
  EXPECT_EQ(logs["accuracy"], right / 11);
}

TEST(Sequential, PredictIsTheSameFromManyThreadsAndInAnyBatch) {
  Sequential model = small_model();
  model.build({2, 3});
  const Dataset data = two_classes(600);
  const Tensor x = data.decoded_x();
  const Tensor whole = model.predict(x);
  std::vector<Tensor> found(4);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < found.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < 5; ++round) found[t] = model.predict(x);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Tensor& each : found) EXPECT_TRUE(same_bits(each, whole));
  for (int64_t row : {0, 255, 256, 599}) {
    EXPECT_TRUE(
        same_bits(model.predict(x.view().rows(row, row + 1)), whole.view().rows(row, row + 1)));
  }
  EXPECT_THAT(error_of([&] { model.predict(x.view().row(0)); }),
              HasSubstr("one sample is a batch of one"));
}

TEST(Sequential, AStopEndsTheFitAfterItsStep) {
  class StopAfter final : public Callback {
   public:
    explicit StopAfter(StopToken stop) : stop_(std::move(stop)) {}
    void on_train_batch_end(int64_t step, const Logs& logs) override {
      EXPECT_GT(logs["loss"], 0);
      if (step == 2) stop_.request_stop();
    }
    void on_train_end(const History& history) override { ended = history.stopped; }
    bool ended = false;

   private:
    StopToken stop_;
  };
  Sequential model = small_model();
  model.compile({.loss = "sparse_categorical_crossentropy"});
  const StopToken stop;
  const auto callback = std::make_shared<StopAfter>(stop);
  const History history = model.fit(
      two_classes(64).divide(255),
      {.batch_size = 8, .epochs = 5, .verbose = 0, .callbacks = {callback}, .stop = stop});
  EXPECT_TRUE(history.stopped);
  EXPECT_TRUE(callback->ended);
  EXPECT_EQ(history.epochs.size(), 1U);
}

TEST(Sequential, FitRefusesBadNumbersAndEmptyData) {
  Sequential model = small_model();
  model.compile({.loss = "sparse_categorical_crossentropy"});
  const Dataset data = two_classes(8).divide(255);
  EXPECT_THAT(error_of([&] { model.fit(data, {.batch_size = 0}); }), HasSubstr("batch_size"));
  EXPECT_THAT(error_of([&] { model.fit(data, {.epochs = -1, .verbose = 0}); }),
              HasSubstr("epochs of 0 or more, got -1"));
  EXPECT_THAT(error_of([&] { model.fit(data.take(0)); }), HasSubstr("0 samples"));
  EXPECT_THAT(error_of([&] { model.fit(data, {.validation_split = 1}); }),
              HasSubstr("0 <= validation_split < 1, got 1"));
  EXPECT_THAT(
      error_of([&] { model.fit(data, {.verbose = 0, .validation_split = 1e-18}); }),
      HasSubstr("fit: validation_split leaves no sample to validate; expected a "
                "validation_split that takes some of 8 samples, and leaves some, got 1e-18"));
  EXPECT_THAT(error_of([&] { model.fit(data, {.verbose = 0, .validation_split = 0.9}); }),
              HasSubstr("validation_split leaves no sample to train on"));
  EXPECT_THAT(error_of([&] { model.fit(data, {.verbose = 0, .validation_data = data.take(0)}); }),
              HasSubstr("a sample in validation_data, got none"));
}

}  // namespace sequential_test
}  // namespace cornu::inline v0
