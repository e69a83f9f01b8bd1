// Every call decodes bytes as the training did.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "cornu/models/load_model.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace remembered_test {

using ::testing::HasSubstr;

constexpr int64_t kSamples = 12;

Tensor bytes() {
  Tensor x(Shape{kSamples, 4}, DType::uint8);
  for (size_t i = 0; i < kSamples * 4; ++i) x.span<uint8_t>()[i] = static_cast<uint8_t>(i * 37);
  return x;
}

Tensor labels() {
  Tensor y(Shape{kSamples}, DType::int32);
  for (size_t i = 0; i < kSamples; ++i) y.span<int32_t>()[i] = static_cast<int32_t>(i % 3);
  return y;
}

// The numbers that the bytes stand for: k ÷ 255.
Tensor floats() {
  return Dataset(bytes(), labels()).divide(255).decoded_x();
}

Sequential compiled() {
  Sequential model({Input({4}), Dense({.units = 3, .activation = "softmax"})});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  return model;
}

Sequential trained() {
  Sequential model = compiled();
  model.fit(Dataset(bytes(), labels()).divide(255), {.batch_size = 5, .epochs = 2, .verbose = 0});
  return model;
}

bool same_bits(TensorView a, TensorView b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.nbytes()) == 0;
}

void expect_same_weights(const Model& a, const Model& b) {
  for (size_t i = 0; i < a.weights().size(); ++i) {
    EXPECT_TRUE(same_bits(a.weights()[i].second, b.weights()[i].second)) << i;
  }
}

/// A data set without an encoding for its bytes.
class Bare final : public Source {
 public:
  Spec spec() const override { return data_.spec(); }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    data_.fill(ids, row, batch);
  }

 private:
  Dataset data_{bytes(), labels()};
};

class BareStream final : public Stream {
 public:
  Spec spec() const override {
    Spec spec = data_.spec();
    spec.size = 0;
    return spec;
  }
  int64_t next(Batch& batch, int64_t capacity) override {
    const int64_t rows = std::min(capacity, kSamples - at_);
    std::vector<uint64_t> ids;
    for (int64_t i = 0; i < rows; ++i) ids.push_back(static_cast<uint64_t>(at_++));
    if (rows > 0) data_.fill(ids, 0, batch);
    return rows;
  }
  bool rewind() override {
    at_ = 0;
    return true;
  }

 private:
  Dataset data_{bytes(), labels()};
  int64_t at_ = 0;
};

/// Targets of bytes that a source of the user's divides and shifts.
class EncodedTargets final : public Source {
 public:
  Spec spec() const override {
    Spec spec = data_.spec();
    spec.y = {{{2}, {.dtype = DType::uint8, .divisor = 10, .offset = 3}}};
    return spec;
  }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    data_.fill(ids, row, batch);
  }
  static Tensor stored() {
    Tensor y(Shape{kSamples, 2}, DType::uint8);
    for (size_t i = 0; i < kSamples * 2; ++i) y.span<uint8_t>()[i] = static_cast<uint8_t>(i * 11);
    return y;
  }

 private:
  Dataset data_{floats(), stored()};
};

TEST(TargetsOfASource, AreDecodedAsItsFieldSays) {
  Tensor numbers(Shape{kSamples, 2});
  for (size_t i = 0; i < kSamples * 2; ++i) {
    numbers.span<float>()[i] = (static_cast<float>(EncodedTargets::stored().at(i)) - 3) / 10;
  }
  const auto made = [] {
    Sequential model({Input({4}), Dense(2)});
    model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {"mae"}});
    return model;
  };
  Sequential encoded = made();
  Sequential plain = made();
  const FitOptions once{.batch_size = 5, .verbose = 0};
  encoded.fit(EncodedTargets(), once);
  plain.fit(floats(), numbers, once);
  expect_same_weights(encoded, plain);
  EXPECT_EQ(encoded.evaluate(EncodedTargets())["loss"], plain.evaluate(floats(), numbers)["loss"]);
  EXPECT_NEAR(encoded.evaluate(EncodedTargets())["mae"], plain.evaluate(floats(), numbers)["mae"],
              1e-6);
}

TEST(BytesOfTraining, MeanTheSameToEveryCallThatChangesNothing) {
  const Sequential model = trained();
  const Tensor right = model.predict(floats());
  const Dataset bare(bytes(), labels());
  EXPECT_TRUE(same_bits(model.predict(bytes()), right));
  EXPECT_TRUE(same_bits(model.predict(bare), right));
  EXPECT_TRUE(same_bits(model.predict(Bare()), right));
  EXPECT_TRUE(same_bits(model.predict(bare.divide(255)), right));
  EXPECT_TRUE(same_bits(model.predict_all(std::vector<TensorView>{bytes()})[0], right));
  EXPECT_TRUE(same_bits(model.predict_classes(bytes()), model.predict_classes(floats())));
  EXPECT_TRUE(same_bits(model.predict_classes(bare), model.predict_classes(floats())));
  Predictor predictor = model.predictor({.rows = kSamples, .dtype = DType::uint8});
  EXPECT_TRUE(same_bits(predictor.predict(bytes()), right));
  const double loss = model.evaluate(floats(), labels())["loss"];
  EXPECT_EQ(model.evaluate(bytes(), labels())["loss"], loss);
  EXPECT_EQ(model.evaluate(bare)["loss"], loss);
  EXPECT_EQ(model.evaluate(Bare(), {.batch_size = 5})["loss"], loss);
  EXPECT_EQ(model.test_on_batch(bytes(), labels())["loss"], loss);
  EXPECT_EQ(model.test_on_batch(bare)["loss"], loss);
}

TEST(BytesOfTraining, MeanTheSameToFurtherTraining) {
  const Dataset bare(bytes(), labels());
  const auto further = [](const std::function<void(Model&)>& train) {
    Sequential model = trained();
    train(model);
    // The encoding is still remembered.
    EXPECT_EQ(model.data_spec().x[0].encoding.divisor, 255);
    return model;
  };
  const FitOptions once{.batch_size = 4, .verbose = 0, .shuffle = false};
  const Sequential right = further([&](Model& m) { m.fit(bare.divide(255), once); });
  expect_same_weights(further([&](Model& m) { m.fit(bare, once); }), right);
  expect_same_weights(further([&](Model& m) { m.fit(bytes(), labels(), once); }), right);
  expect_same_weights(further([&](Model& m) {
                        BareStream stream;
                        m.fit(stream, once);
                      }),
                      right);
  const Sequential batch = further([&](Model& m) { m.train_on_batch(bare.divide(255)); });
  expect_same_weights(further([&](Model& m) { m.train_on_batch(bytes(), labels()); }), batch);
  expect_same_weights(further([&](Model& m) { m.train_on_batch(bare); }), batch);
}

TEST(BytesOfTraining, MeanTheSameToValidation) {
  const Dataset bare(bytes(), labels());
  Sequential model = compiled();
  const History history =
      model.fit(bare.divide(255), {.epochs = 1, .verbose = 0, .validation_data = bare});
  EXPECT_EQ(history.epochs[0].logs["val_loss"], model.evaluate(floats(), labels())["loss"]);
}

TEST(BytesOfTraining, MeanTheSameAfterLoading) {
  const std::string path = ::testing::TempDir() + "bytes_of_training.safetensors";
  const Sequential model = trained();
  model.save(path);
  const Model loaded = load_model(path);
  std::filesystem::remove(path);
  EXPECT_EQ(loaded.evaluate(bytes(), labels())["loss"], model.evaluate(floats(), labels())["loss"]);
}

TEST(BytesOfTraining, FollowADataSetThatHasAnEncoding) {
  const Sequential model = trained();
  const Dataset halves = Dataset(bytes(), labels()).divide(510);
  EXPECT_TRUE(same_bits(model.predict(halves), model.predict(halves.decoded_x())));
  EXPECT_FALSE(same_bits(model.predict(halves), model.predict(floats())));
}

TEST(BytesOfTraining, AreNotScaledIfTrainingDidNotScaleThem) {
  Sequential model = compiled();
  model.fit(bytes(), labels(), {.verbose = 0});
  const Tensor as_they_are = Dataset(bytes(), labels()).decoded_x();
  EXPECT_EQ(model.evaluate(bytes(), labels())["loss"],
            model.evaluate(as_they_are, labels())["loss"]);
  EXPECT_TRUE(same_bits(model.predict(bytes()), model.predict(as_they_are)));
}

}  // namespace remembered_test
}  // namespace cornu::inline v0
