// A fit of several epochs reads pixels as bytes, though it is given floats.

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <utility>

#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace fit_in_bytes_test {

constexpr int64_t kSamples = 3'000;
constexpr int64_t kPixels = 200;

Tensor pixels() {
  Tensor x(Shape{kSamples, kPixels}, DType::uint8);
  for (int64_t i = 0; i < kSamples * kPixels; ++i) {
    const int64_t value = i * 2654435761 % 509;
    x.span<uint8_t>()[static_cast<size_t>(i)] = static_cast<uint8_t>(value < 256 ? value : 0);
  }
  return x;
}

Tensor labels(int64_t samples = kSamples) {
  Tensor y(Shape{samples}, DType::int32);
  for (int64_t i = 0; i < samples; ++i) {
    y.span<int32_t>()[static_cast<size_t>(i)] = static_cast<int32_t>(i % 3);
  }
  return y;
}

Tensor floats() {
  return Dataset(pixels(), labels()).divide(255).decoded_x();
}

Sequential compiled() {
  Sequential model({Input({kPixels}), Dense({.units = 8, .activation = "relu"}),
                    Dense({.units = 3, .activation = "softmax"})});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  return model;
}

/// A data set that counts how often it is asked for bytes.
class Counting final : public Source {
 public:
  explicit Counting(Dataset data) : data_(std::move(data)) {}
  Spec spec() const override { return data_.spec(); }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    ++fills_;
    data_.fill(ids, row, batch);
  }
  TensorView stored_x(size_t i) const override { return data_.stored_x(i); }
  std::unique_ptr<const Source> in_bytes(Team& team) const override {
    ++asked_;
    return data_.in_bytes(team);
  }
  int asked() const { return asked_; }
  int fills() const { return fills_; }

 private:
  const Dataset data_;
  mutable std::atomic<int> asked_ = 0, fills_ = 0;
};

void expect_same(const Model& a, const Model& b) {
  const auto of_a = a.weights();
  const auto of_b = b.weights();
  ASSERT_EQ(of_a.size(), of_b.size());
  for (size_t i = 0; i < of_a.size(); ++i) {
    EXPECT_EQ(std::memcmp(of_a[i].second.data(), of_b[i].second.data(), of_a[i].second.nbytes()), 0)
        << of_a[i].first;
  }
}

TEST(FitInBytes, HasTheBitsOfTheFloats) {
  const FitOptions options{
      .batch_size = 64, .epochs = 3, .verbose = 0, .validation_split = 0.2, .shuffle = true};
  Sequential bytes = compiled();
  Sequential floating = compiled();
  Sequential one_by_one = compiled();
  const History of_bytes = bytes.fit(Dataset(pixels(), labels()).divide(255), options);
  const Counting source(Dataset(floats(), labels()));
  const History of_floats = floating.fit(source, options);
  EXPECT_EQ(source.asked(), 1);
  EXPECT_EQ(source.fills(), 0);
  FitOptions one = options;
  for (one.initial_epoch = 0; one.initial_epoch < 3; ++one.initial_epoch) {
    one.epochs = one.initial_epoch + 1;
    one_by_one.fit(source, one);  // an epoch alone reads the floats
  }
  EXPECT_EQ(source.asked(), 1);
  EXPECT_GT(source.fills(), 0);
  expect_same(floating, bytes);
  expect_same(one_by_one, bytes);
  for (size_t epoch = 0; epoch < 3; ++epoch) {
    EXPECT_EQ(of_floats.epochs[epoch].logs["val_loss"], of_bytes.epochs[epoch].logs["val_loss"]);
    EXPECT_EQ(of_floats.epochs[epoch].logs["accuracy"], of_bytes.epochs[epoch].logs["accuracy"]);
  }
}

TEST(FitInBytes, ReadsOneHotTargetsAsLabels) {
  const Dataset bytes = Dataset(pixels(), labels()).divide(255).to_categorical(3);
  const Dataset floating(floats(), bytes.decoded_y());
  for (const char* loss : {"categorical_crossentropy", "mse", "categorical_hinge"}) {
    const auto trained = [&](const Dataset& data) {
      Sequential model({Input({kPixels}), Dense({.units = 3, .activation = "softmax"})});
      model.compile({.loss = loss, .metrics = {"accuracy", "mae", "auc"}});
      History history =
          model.fit(data, {.batch_size = 64, .epochs = 2, .verbose = 0, .validation_data = data});
      return std::pair<Sequential, Logs>(std::move(model), history.last());
    };
    const auto [of_floats, logs_of_floats] = trained(floating);
    const auto [of_bytes, logs_of_bytes] = trained(bytes);
    expect_same(of_floats, of_bytes);
    for (const char* name : {"loss", "accuracy", "mae", "auc", "val_loss", "val_mae"}) {
      EXPECT_EQ(logs_of_floats[name], logs_of_bytes[name]) << loss << " " << name;
    }
  }
}

TEST(FitInBytes, LeavesTheModelOneOfFloats) {
  Sequential model = compiled();
  model.fit(floats(), labels(), {.epochs = 2, .verbose = 0});
  EXPECT_EQ(model.data_spec().x[0].encoding, InputEncoding{});
  // Bytes are numbers from 0 to 255 to it.
  const Tensor numbers = Dataset(pixels(), labels()).decoded_x();
  EXPECT_EQ(model.evaluate(pixels(), labels())["loss"], model.evaluate(numbers, labels())["loss"]);
}

TEST(FitInBytes, CountsWeightsAndValidatesAsTheFloatsDo) {
  Tensor weights(Shape{kSamples});
  for (int64_t i = 0; i < kSamples; ++i) weights(i) = static_cast<double>(i % 5);
  const Dataset bytes = Dataset(pixels(), labels()).divide(255);
  const Dataset floating(floats(), labels());
  const auto trained = [&](const Dataset& data) {
    Sequential model = compiled();
    const History history = model.fit(data, {.batch_size = 64,
                                             .epochs = 2,
                                             .verbose = 0,
                                             .validation_data = data,
                                             .sample_weight = weights,
                                             .class_weight = {{1, 2.0}}});
    return history.last()["val_loss"];
  };
  EXPECT_EQ(trained(floating), trained(bytes));
}

TEST(FitInBytes, LeavesFloatsThatAreReadAsTheTrainingData) {
  // Trained on halves, the model divides by 2 what it is given.
  const auto trained_on_halves = [] {
    Sequential model = compiled();
    model.fit(Dataset(floats(), labels()).divide(2), {.epochs = 2, .verbose = 0});
    return model;
  };
  Sequential model = trained_on_halves();
  Sequential right = trained_on_halves();
  const Counting source(Dataset(floats(), labels()));
  model.fit(source, {.epochs = 2, .verbose = 0});
  EXPECT_EQ(source.asked(), 0);
  right.fit(Dataset(floats(), labels()).divide(2), {.epochs = 2, .verbose = 0});
  expect_same(model, right);
  // So are the validation data of the first fit.
  Sequential first = compiled();
  const History history =
      first.fit(Dataset(floats(), labels()).divide(2),
                {.epochs = 2, .verbose = 0, .validation_data = Dataset(floats(), labels())});
  EXPECT_EQ(history.last()["val_loss"],
            first.evaluate(Dataset(floats(), labels()).divide(2))["loss"]);
}

TEST(FitInBytes, IsNotTriedWhereItDoesNotPay) {
  Sequential model = compiled();
  const Counting small(Dataset(floats(), labels()).take(100));
  model.fit(small, {.epochs = 2, .verbose = 0});
  EXPECT_EQ(small.asked(), 0);
}

}  // namespace fit_in_bytes_test
}  // namespace cornu::inline v0
